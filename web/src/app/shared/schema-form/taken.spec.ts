import { TestBed } from '@angular/core/testing';
import { Api } from '../../api/api';
import { getPlanning } from '../../api/fn/formateurs/get-planning';
import { getSallePlanning } from '../../api/fn/salles/get-salle-planning';
import { key } from './clashes';
import { Lookups } from './lookups';
import { Taken } from './taken';

const ROOM = '019ad000-0000-7000-8000-000000000001';
const TRAINER = '019ad000-0000-7000-8000-000000000002';
const FRAME = { from: '2027-03-01', to: '2027-03-31', own: 'mine', site: 's' };
const slot = (id: string, numero: string) => ({
  day: '2027-03-09',
  half: 'am',
  opportunite: { id, numero, title: '' },
  reason: null,
});

describe('what is taken', () => {
  const asked: [unknown, unknown][] = [];
  let fails = false;

  function open(): Taken {
    asked.length = 0;
    const choices = {
      salle: [{ value: ROOM, label: 'Salle 1', skills: [] }],
      formateur: [{ value: TRAINER, label: 'Anne', skills: [] }],
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: Lookups, useValue: { choices: (of: 'salle' | 'formateur') => Promise.resolve(choices[of]) } },
        {
          provide: Api,
          useValue: {
            invoke: (call: unknown, params: { id: string }) => {
              asked.push([call, params.id]);
              return fails
                ? Promise.reject(new Error('404'))
                : Promise.resolve({ data: [slot('mine', 'OPP-1'), slot('other', 'OPP-2')] });
            },
          },
        },
      ],
    });
    return TestBed.inject(Taken);
  }

  it('is asked for rooms as for trainers, by the record a text means, and the own file is no clash', async () => {
    fails = false;
    const busy = await open().of(
      [
        { of: 'salle', column: 'salle', id: 'salle  1' },
        { of: 'formateur', column: 'formateur', id: TRAINER },
      ],
      FRAME,
    );
    expect(asked).toEqual([
      [getSallePlanning, ROOM],
      [getPlanning, TRAINER],
    ]);
    const slots = [{ day: '2027-03-09', half: 'am', by: 'OPP-2' }];
    expect(busy.get(key('salle', 'salle  1'))).toEqual({ name: 'Salle 1', slots });
    expect(busy.get(key('formateur', TRAINER))).toEqual({ name: 'Anne', slots });
  });

  it('leaves out what cannot be read, and texts that mean no room', async () => {
    fails = true;
    const busy = await open().of(
      [
        { of: 'salle', column: 'salle', id: 'nulle part' },
        { of: 'formateur', column: 'formateur', id: TRAINER },
      ],
      FRAME,
    );
    expect(asked).toEqual([[getPlanning, TRAINER]]);
    expect(busy.size).toBe(0);
  });
});
