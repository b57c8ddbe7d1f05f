import { TestBed } from '@angular/core/testing';
import { Api } from '../../../api/api';
import { getPlanning } from '../../../api/fn/formateurs/get-planning';
import { listBookableFormateurs } from '../../../api/fn/formateurs/list-bookable-formateurs';
import { FormateurLookup } from './formateur-lookup';

const at = (id: string) => ({ id, code: id, name: id.toUpperCase() });

describe('trainers to choose from', () => {
  it('say where they are from when it is not the site, and what they can teach', async () => {
    const asked: unknown[] = [];
    const data = [
      {
        id: '1',
        name: 'Anne',
        skills: ['TIG'],
        expiries: [{ name: 'CACES', expiresOn: '2027-01-01' }],
        localisation: at('lille'),
      },
      { id: '2', name: 'Bruno', skills: [], expiries: [{ expiresOn: '2027-01-01' }], localisation: at('metz') },
    ];
    const invoke = (call: unknown, params: unknown): Promise<unknown> => {
      asked.push([call, params]);
      return Promise.resolve({ data });
    };
    TestBed.configureTestingModule({ providers: [{ provide: Api, useValue: { invoke } }] });
    const lookup = TestBed.inject(FormateurLookup);
    expect(await lookup.choices('lille')).toEqual([
      { value: '1', label: 'Anne', traits: ['TIG'], expiries: [{ name: 'CACES', on: '2027-01-01' }] },
      { value: '2', label: 'Bruno · METZ', traits: [], expiries: [{ name: null, on: '2027-01-01' }] },
    ]);
    expect((await lookup.choices(null)).map(({ label }) => label)).toEqual(['Anne', 'Bruno']);
    expect(asked).toEqual([
      [listBookableFormateurs, { localisationId: 'lille' }],
      [listBookableFormateurs, {}],
    ]);
  });

  it('are taken by a file, or for a reason', async () => {
    const data = [
      { day: '2027-03-09', half: 'am', opportunite: { id: 'x', numero: 'OPP-7', title: '' }, reason: null },
      { day: '2027-03-09', half: 'pm', opportunite: null, reason: 'congé' },
      { day: '2027-03-10', half: 'am', opportunite: null, reason: null },
    ];
    const invoke = (call: unknown): Promise<unknown> =>
      call === getPlanning ? Promise.resolve({ data }) : Promise.reject(new Error('another call'));
    TestBed.configureTestingModule({ providers: [{ provide: Api, useValue: { invoke } }] });
    expect(await TestBed.inject(FormateurLookup).bookings('1', '2027-03-09', '2027-03-10')).toEqual([
      { day: '2027-03-09', half: 'am', by: 'OPP-7', record: 'x' },
      { day: '2027-03-09', half: 'pm', by: 'congé', record: null },
      { day: '2027-03-10', half: 'am', by: '', record: null },
    ]);
  });
});
