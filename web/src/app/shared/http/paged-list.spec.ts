import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Page, PagedList } from './paged-list';

interface Deferred {
  params: { q: string; cursor?: string; count?: 'exact' };
  answer: (page: Page<string>) => void;
  fail: (error: unknown) => void;
}

const page = (data: string[], next: string | null = null, exact = true): Page<string> => ({
  data,
  meta: { total: 9, exact, limit: 2, next },
});

describe('PagedList', () => {
  function setup() {
    const params = signal<{ q: string } | null>({ q: 'a' });
    const asked: Deferred[] = [];
    const list = TestBed.runInInjectionContext(
      () =>
        new PagedList<string, { q: string }>(
          params,
          (given) => new Promise((answer, fail) => asked.push({ params: given, answer, fail })),
        ),
    );
    TestBed.tick();
    return {
      params,
      asked,
      list,
      ask: (index: number) => {
        const call = asked[index];
        if (!call) throw new Error(`no call ${index}`);
        return call;
      },
    };
  }
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

  it('counts all rows on demand, and keeps that number while further pages come', async () => {
    const { list, ask } = setup();
    ask(0).answer(page(['1', '2'], 'c1', false));
    await settle();
    expect([list.total(), list.exact()]).toEqual([9, false]);
    void list.count();
    expect(ask(1).params).toEqual({ q: 'a', count: 'exact' });
    ask(1).answer({ data: ['1'], meta: { total: 1234, exact: true, limit: 2 } });
    await settle();
    void list.more();
    ask(2).answer(page(['3'], null, false));
    await settle();
    expect([list.items(), list.total(), list.exact()]).toEqual([['1', '2', '3'], 1234, true]);
  });

  it('appends further pages by their cursor', async () => {
    const { list, ask } = setup();
    expect(list.busy()).toBe('first');
    ask(0).answer(page(['1', '2'], 'c1'));
    await settle();
    expect([list.items(), list.total(), list.hasMore()]).toEqual([['1', '2'], 9, true]);
    void list.more();
    expect(ask(1).params).toEqual({ q: 'a', cursor: 'c1' });
    ask(1).answer(page(['3']));
    await settle();
    expect([list.items(), list.hasMore(), list.busy()]).toEqual([['1', '2', '3'], false, null]);
  });

  it('lets no slow old answer overwrite a newer one', async () => {
    const { params, list, ask } = setup();
    params.set({ q: 'b' });
    TestBed.tick();
    ask(1).answer(page(['new']));
    ask(0).answer(page(['old']));
    await settle();
    expect(list.items()).toEqual(['new']);
  });

  it('keeps the rows on screen when a reload fails, and says so', async () => {
    const { list, ask } = setup();
    ask(0).answer(page(['1']));
    await settle();
    void list.reload();
    expect(list.busy()).toBe('again');
    ask(1).fail(new Error('away'));
    await settle();
    expect(list.items()).toEqual(['1']);
    expect(list.error()).toBeInstanceOf(Error);
    expect(list.isEmpty()).toBe(false);
  });

  it('waits while there are no parameters', () => {
    const { params, asked } = setup();
    params.set(null);
    TestBed.tick();
    expect(asked).toHaveLength(1);
  });
});
