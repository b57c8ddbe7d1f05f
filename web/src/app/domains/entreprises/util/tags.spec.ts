import { tagsIn, withTag, withoutTag } from './tags';

describe('the tags of companies', () => {
  it('are listed by their number, then by name', () => {
    expect(tagsIn([{ tags: ['b', 'a'] }, { tags: ['b', 'c'] }, { tags: [] }])).toEqual(['b', 'a', 'c']);
  });
  it('are added once, whatever their case and accents', () => {
    expect(withTag(['Fidèle'], ' Prospect ')).toEqual(['Fidèle', 'Prospect']);
    expect(withTag(['Fidèle'], 'fidele ')).toBeNull();
  });
  it('are removed in every spelling, and nothing changes without them', () => {
    expect(withoutTag(['Fidèle', 'Prospect'], 'FIDELE')).toEqual(['Prospect']);
    expect(withoutTag(['Prospect'], 'Fidèle')).toBeNull();
  });
});
