import { Choice, isId, meant, skillsOf, withSkill } from './lookups';

const ROOMS = [
  { value: '0193a0c0-0000-7000-8000-000000000001', label: 'Salle B12' },
  { value: '0193a0c0-0000-7000-8000-000000000002', label: 'Atelier Évry' },
];

describe('choices', () => {
  it('means a record by its id, or by its name however it was typed', () => {
    expect(meant(ROOMS, '0193a0c0-0000-7000-8000-000000000001')?.label).toBe('Salle B12');
    for (const typed of ['Salle B12', 'salle  b12', ' SALLE B12 '])
      expect(meant(ROOMS, typed)?.label).toBe('Salle B12');
    expect(meant(ROOMS, 'atelier evry')?.label).toBe('Atelier Évry');
    expect(meant(ROOMS, 'Salle B1')).toBeUndefined();
    expect(meant(ROOMS, '')).toBeUndefined();
  });

  it('are narrowed by a skill, however it is written', () => {
    const trainer = (label: string, ...skills: string[]): Choice => ({ value: label, label, skills });
    const trainers = [trainer('Anne', 'Soudage TIG', 'Électricité'), trainer('Bruno', 'soudage tig'), trainer('Chloé')];
    expect(skillsOf(trainers)).toEqual(['Électricité', 'soudage tig']);
    expect(withSkill(trainers, 'Soudage  TIG').map(({ label }) => label)).toEqual(['Anne', 'Bruno']);
    expect(withSkill(trainers, '')).toHaveLength(3);
  });

  it('tells an id from a text', () => {
    expect(isId('0193a0c0-0000-7000-8000-000000000001')).toBe(true);
    expect(isId('Salle B12')).toBe(false);
  });
});
