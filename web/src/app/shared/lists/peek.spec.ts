import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Page, PagedList } from '../http/paged-list';
import { Peek } from './peek';
import { Trail } from './trail';

interface One {
  id: string;
}

/** Four rows in pages of two. */
async function listed(): Promise<PagedList<One, object>> {
  const load = ({ cursor }: { cursor?: string }): Promise<Page<One>> =>
    Promise.resolve({
      data: (cursor ? ['c', 'd'] : ['a', 'b']).map((id) => ({ id })),
      meta: { total: 4, exact: true, limit: 2, next: cursor ? null : 'more' },
    });
  const list = TestBed.runInInjectionContext(() => new PagedList(signal({}), load));
  TestBed.tick();
  await new Promise((resolve) => setTimeout(resolve));
  return list;
}

describe('a row beside its list', () => {
  it('follows the keys only while it is shown', async () => {
    const peek = new Peek(await listed());
    peek.follow({ id: 'a' });
    expect(peek.row()).toBeNull();
    peek.toggle({ id: 'a' });
    peek.follow({ id: 'b' });
    expect(peek.row()?.id).toBe('b');
    expect([peek.close(), peek.close()]).toEqual([true, false]);
  });

  it('goes on with the next page at the end of this one', async () => {
    const peek = new Peek(await listed());
    peek.toggle({ id: 'b' });
    await peek.step(1);
    expect(peek.row()?.id).toBe('c');
    await peek.step(1);
    await peek.step(1);
    expect(peek.row()?.id).toBe('d');
    await peek.step(-1);
    expect(peek.row()?.id).toBe('c');
  });
});

describe('the trail from a list to its records', () => {
  it('knows the records around one, also those of a page that is not read yet', async () => {
    TestBed.configureTestingModule({ providers: [provideRouter([])] });
    const list = await listed();
    const trail = TestBed.inject(Trail);
    TestBed.runInInjectionContext(() => {
      trail.from('/things', list);
    });
    expect(trail.place('/things', 'a')).toMatchObject({ at: 1, total: 4, before: null, after: 'b' });
    expect(trail.place('/things', 'b')?.after).toBeUndefined();
    await trail.more('/things');
    expect(trail.place('/things', 'b')?.after).toBe('c');
    expect(trail.place('/things', 'd')?.after).toBeNull();
    expect(trail.place('/things', 'z')).toBeNull();
    expect(trail.place('/others', 'a')).toBeNull();
  });
});
