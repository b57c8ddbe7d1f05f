import { Plugin } from '../../../api/models/plugin';
import { rivalsOf } from './rivals';

function hook(
  id: string,
  sites: [site: string, order: number, enabled: boolean][],
  kind: Plugin['kind'] = 'hook',
): Plugin {
  const seats = sites.map(([site, order, enabled]) => ({
    localisation: { id: site, code: site, name: site },
    order,
    enabled,
    state: enabled ? 'active' : 'disabled',
  }));
  return { id, kind, name: { fr: id, en: id }, sites: seats } as unknown as Plugin;
}

describe('rivals', () => {
  it('are the others of the kind that are switched on at a site, as they are asked', () => {
    const mine = hook('b', [
      ['S', 0, true],
      ['T', 0, true],
    ]);
    const all = [
      mine,
      hook('c', [
        ['S', 0, true],
        ['T', 0, false],
      ]),
      hook('a', [['S', 0, true]]),
      hook('z', [['S', -5, true]]),
      hook('n', [['S', 0, true]], 'notifier'),
    ];
    const found = rivalsOf(mine, all);
    expect(found.get('S')?.map(({ id }) => id)).toEqual(['z', 'a', 'c']);
    expect(found.has('T')).toBe(false);
  });
});
