import { signal } from '@angular/core';
import { Vue } from '../../../api/models/vue';
import { addressOf, paramsOf, same } from './applied';

const state = (values: Record<string, string>): Parameters<typeof paramsOf>[0] => ({
  values: signal({ q: '', actif: 'true', tri: 'name', ...values }),
  defaults: { q: '', actif: 'true', tri: 'name' },
});
const params = (values: Record<string, string>): { name: string; value: string }[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));
const vue = (values: Record<string, string>): Vue => ({ id: 'v1', query: params(values) }) as Vue;

describe('a saved view of a list', () => {
  it('holds what differs from what the list usually shows, also where that is nothing', () => {
    expect(paramsOf(state({}))).toEqual([]);
    expect(paramsOf(state({ actif: '', q: 'soudage' }))).toEqual(params({ q: 'soudage', actif: '' }));
  });

  it('is what the list shows, whatever a later list no longer knows', () => {
    expect(same(params({ actif: '' }), state({ actif: '' }))).toBe(true);
    expect(same(params({ actif: '' }), state({}))).toBe(false);
    expect(same([], state({ q: 'soudage' }))).toBe(false);
    expect(same(params({ gone: 'x' }), state({}))).toBe(true);
  });

  it('is an address that also takes away the filters before it', () => {
    expect(addressOf(vue({ actif: '', gone: 'x' }), state({}), null)).toEqual({
      q: null,
      actif: '',
      tri: null,
      v: 'v1',
    });
    expect(addressOf(null, state({ q: 'a' }), 'toutes')).toEqual({ q: null, actif: null, tri: null, v: 'toutes' });
  });
});
