import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Page, PagedList } from '../http/paged-list';
import { Selection } from './selection';

const row = (n: number): { id: string; version: number } => ({ id: `r${n}`, version: 1 });
const rows = (from: number, to: number): { id: string; version: number }[] =>
  Array.from({ length: to - from + 1 }, (_, n) => row(from + n));

describe('the chosen rows of a list', () => {
  /** Five results in pages of three; the API tells their number when asked. */
  async function setup() {
    const params = signal<{ q: string }>({ q: '' });
    const asked: object[] = [];
    const load = (given: { cursor?: string; count?: 'exact' }): Promise<Page<{ id: string; version: number }>> => {
      asked.push(given);
      const exact = given.count === 'exact';
      const [data, next] = given.cursor ? [rows(4, 5), null] : [rows(1, 3), 'more'];
      return Promise.resolve({ data, meta: { total: exact ? 5 : 3, exact, limit: 3, next } });
    };
    const [list, selection] = TestBed.runInInjectionContext(() => {
      const made = new PagedList(params, load);
      return [made, new Selection(made, params)];
    });
    TestBed.tick();
    await new Promise((resolve) => setTimeout(resolve));
    TestBed.tick();
    const ids = async (): Promise<string[]> => (await selection.rows()).map(({ id }) => id);
    return { params, asked, list, selection, ids };
  }

  it('are single rows and ranges, which become as the row that ends them', async () => {
    const { selection, ids } = await setup();
    selection.toggle(row(1));
    selection.toggle(row(3), true);
    expect(await ids()).toEqual(['r1', 'r2', 'r3']);
    expect(selection.shown()).toBe('all');
    selection.toggle(row(2), true);
    expect(await ids()).toEqual(['r1']);
    expect(selection.shown()).toBe('some');
  });

  it('are all rows shown, apart from all results', async () => {
    const { selection, ids, asked } = await setup();
    selection.toggleShown();
    expect(selection.count()).toBe(3);
    expect(await ids()).toHaveLength(3);
    await selection.takeAll();
    expect(selection.count()).toBe(5);
    expect(selection.has('r5')).toBe(true);
    expect(await ids()).toEqual(['r1', 'r2', 'r3', 'r4', 'r5']);
    expect(asked.at(-1)).toEqual({ q: '', limit: 200, cursor: 'more' });
  });

  it('are what is shown without it, once one of all results is given up', async () => {
    const { selection, ids } = await setup();
    await selection.takeAll();
    selection.toggle(row(2));
    expect(selection.all()).toBe(false);
    expect(await ids()).toEqual(['r1', 'r3']);
  });

  it('are given up with other filters, and keep up with rows that changed', async () => {
    const { selection, params, list } = await setup();
    selection.toggle(row(2));
    list.patch((items) => items.map((item) => (item.id === 'r2' ? { ...item, version: 7 } : item)));
    TestBed.tick();
    expect(await selection.rows()).toEqual([{ id: 'r2', version: 7 }]);
    params.set({ q: 'other' });
    TestBed.tick();
    expect(selection.any()).toBe(false);
  });
});
