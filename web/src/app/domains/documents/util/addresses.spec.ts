import { addresses, allAddresses } from './addresses';

describe('typed addresses', () => {
  it('are parted as people write them, each once', () => {
    expect(addresses('a@b.fr, c@d.fr;e@f.fr a@b.fr')).toEqual(['a@b.fr', 'c@d.fr', 'e@f.fr']);
    expect(addresses('Léa Roy <lea@exemple.fr>, Paul <paul@exemple.fr>')).toEqual([
      'lea@exemple.fr',
      'paul@exemple.fr',
    ]);
    expect(addresses('  ')).toEqual([]);
  });

  it('are all addresses, or they are not sent', () => {
    expect(allAddresses('a@b.fr, contact@société.fr')).toBe(true);
    expect(allAddresses('a@b.fr, pas une adresse')).toBe(false);
  });
});
