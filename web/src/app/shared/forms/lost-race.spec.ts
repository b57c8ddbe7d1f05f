import { ProblemError } from '../http/problem';
import { newerIn, rebased } from './lost-race';

const stale = (current: unknown) =>
  new ProblemError({ type: '/problems/stale', title: 'Modifié', status: 412, code: 'stale', current });

describe('a lost race', () => {
  it('brings the record as it is now, and nothing else does', () => {
    expect(newerIn(stale({ id: 'a', version: 3 }))).toEqual({ id: 'a', version: 3 });
    expect(newerIn(stale(null))).toBeNull();
    expect(newerIn(stale({ id: 'a' }))).toBeNull();
    expect(
      newerIn(new ProblemError({ type: 'x', title: 'x', status: 409, code: 'conflict', current: { version: 3 } })),
    ).toBeNull();
    expect(newerIn(new Error('boom'))).toBeNull();
  });

  it('keeps what I typed and takes over what I left alone', () => {
    const seen = { title: 'A', budget: 1, kind: 'x', notes: '' };
    const after = rebased({ ...seen, title: 'mine', kind: 'y' }, seen, {
      title: 'theirs',
      budget: 2,
      kind: 'x',
      notes: '',
    });
    expect(after).toEqual({
      value: { title: 'mine', budget: 2, kind: 'y', notes: '' },
      taken: ['budget'],
      kept: ['title'],
    });
  });

  it('has nothing to tell where both did the same, or where only emptiness is written otherwise', () => {
    const after = rebased<object>(
      { a: 'same', b: '', c: { x: 1, y: null } },
      { a: 'old', b: null, c: { x: 1 } },
      { a: 'same', c: { y: '', x: 1 }, d: [] },
    );
    expect(after).toEqual({ value: { a: 'same', b: '', c: { x: 1, y: null } }, taken: [], kept: [] });
  });

  it('takes over what was emptied and what is new', () => {
    expect(rebased<object>({ a: 1 }, { a: 1 }, { b: [2] })).toEqual({
      value: { a: null, b: [2] },
      taken: ['a', 'b'],
      kept: [],
    });
  });
});
