import { TestBed } from '@angular/core/testing';
import { Lookups, isId, meant, traitsOf, withTrait } from './lookups';
import { Choice, LookupSource, provideLookup } from './sources';

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

  it('are narrowed by a trait, however it is written', () => {
    const trainer = (label: string, ...traits: string[]): Choice => ({ value: label, label, traits });
    const trainers = [trainer('Anne', 'Soudage TIG', 'Électricité'), trainer('Bruno', 'soudage tig'), trainer('Chloé')];
    expect(traitsOf(trainers)).toEqual(['Électricité', 'soudage tig']);
    expect(withTrait(trainers, 'Soudage  TIG').map(({ label }) => label)).toEqual(['Anne', 'Bruno']);
    expect(withTrait(trainers, '')).toHaveLength(3);
  });

  it('tells an id from a text', () => {
    expect(isId('0193a0c0-0000-7000-8000-000000000001')).toBe(true);
    expect(isId('Salle B12')).toBe(false);
  });

  it('come from whoever registered the name, are read once per site, and again where they failed', async () => {
    const asked: (string | null)[] = [];
    class Vehicles implements LookupSource {
      choices(site: string | null): Promise<Choice[]> {
        asked.push(site);
        return asked.length === 1 ? Promise.reject(new Error('away')) : Promise.resolve([]);
      }
    }
    TestBed.configureTestingModule({
      providers: [Vehicles, provideLookup('vehicule', () => Promise.resolve(Vehicles))],
    });
    const lookups = TestBed.inject(Lookups);
    expect(['vehicule', 'formateur', null].map((name) => lookups.has(name))).toEqual([true, false, false]);
    await expect(lookups.choices('vehicule', 'lille')).rejects.toThrow('away');
    await lookups.choices('vehicule', 'lille');
    await lookups.choices('vehicule', 'lille');
    await lookups.choices('vehicule', null);
    expect(asked).toEqual(['lille', 'lille', null]);
    lookups.forget();
    await lookups.choices('vehicule', null);
    expect(asked).toHaveLength(4);
    await expect(lookups.choices('formateur', null)).rejects.toThrow('nobody offers formateur');
  });
});
