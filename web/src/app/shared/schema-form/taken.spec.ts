import { TestBed } from '@angular/core/testing';
import { key } from './clashes';
import { Booking, Choice, LookupSource, provideLookup } from './sources';
import { Taken } from './taken';

const ROOM = '019ad000-0000-7000-8000-000000000001';
const TRAINER = '019ad000-0000-7000-8000-000000000002';
const FRAME = { from: '2027-03-01', to: '2027-03-31', own: 'mine', site: 's' };
const booking = (by: string, record: string | null): Booking => ({ day: '2027-03-09', half: 'am', by, record });

describe('what is taken', () => {
  let asked: string[] = [];
  let fails = false;

  function source(choice: Choice): new () => LookupSource {
    return class {
      choices = (): Promise<Choice[]> => Promise.resolve([choice]);
      bookings = (id: string): Promise<Booking[]> => {
        asked.push(id);
        return fails
          ? Promise.reject(new Error('404'))
          : Promise.resolve([booking('OPP-1', 'mine'), booking('OPP-2', 'other'), booking('congé', null)]);
      };
    };
  }
  class Tools implements LookupSource {
    choices = (): Promise<Choice[]> => Promise.resolve([]);
  }

  function open(): Taken {
    asked = [];
    const rooms = source({ value: ROOM, label: 'Salle 1', traits: [] });
    const trainers = source({ value: TRAINER, label: 'Anne', traits: [] });
    TestBed.configureTestingModule({
      providers: [
        ...[rooms, trainers, Tools],
        provideLookup('salle', () => Promise.resolve(rooms)),
        provideLookup('formateur', () => Promise.resolve(trainers)),
        provideLookup('outil', () => Promise.resolve(Tools)),
      ],
    });
    return TestBed.inject(Taken);
  }

  it('is asked of every source, by the record a text means, and the own file is no clash', async () => {
    fails = false;
    const busy = await open().of(
      [
        { of: 'salle', column: 'salle', id: 'salle  1' },
        { of: 'formateur', column: 'formateur', id: TRAINER },
      ],
      FRAME,
    );
    expect(asked).toEqual([ROOM, TRAINER]);
    const slots = ['OPP-2', 'congé'].map((by) => ({ day: '2027-03-09', half: 'am', by }));
    expect(busy.get(key('salle', 'salle  1'))).toEqual({ name: 'Salle 1', expiries: [], slots });
    expect(busy.get(key('formateur', TRAINER))).toEqual({ name: 'Anne', expiries: [], slots });
  });

  it('leaves out what cannot be read, texts that mean no record, and what nobody books', async () => {
    fails = true;
    const busy = await open().of(
      [
        { of: 'salle', column: 'salle', id: 'nulle part' },
        { of: 'formateur', column: 'formateur', id: TRAINER },
        { of: 'outil', column: 'outil', id: ROOM },
      ],
      FRAME,
    );
    expect(asked).toEqual([TRAINER]);
    expect(busy.size).toBe(0);
  });
});
