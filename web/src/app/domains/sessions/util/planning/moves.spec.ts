import { PlanningBoard } from '../../../../api/models/planning-board';
import { applied, dropped, following, moved, sameRow } from './moves';
import { rowOf, shifted } from './preview';

const one = { day: '2027-03-09', half: 'am', formateurId: 'anne', salleId: 'b12' } as const;
const two = { day: '2027-03-09', half: 'pm', formateurId: 'anne' } as const;

describe('moves of half-days', () => {
  it('change the day and, by the board, the trainer or the room', () => {
    expect(dropped(one, { day: '2027-03-10', half: 'pm' }, 'formateurs', 'paul')).toEqual({
      day: '2027-03-10',
      half: 'pm',
      formateurId: 'paul',
      salleId: 'b12',
    });
    expect(dropped(one, two, 'salles', null)).toEqual({
      day: '2027-03-09',
      half: 'pm',
      formateurId: 'anne',
      salleId: null,
    });
  });

  it('replace the row and keep the others, in order', () => {
    const to = { ...one, day: '2027-03-11' };
    const after = moved([one, two], [{ from: one, to }]);
    expect(after?.map(({ day, half, salleId }) => [day, half, salleId])).toEqual([
      ['2027-03-09', 'pm', null],
      ['2027-03-11', 'am', 'b12'],
    ]);
    expect(moved([two], [{ from: one, to }])).toBeNull();
  });

  it('apply one trainer and room to all half-days, each once', () => {
    const rows = applied([one, { ...one, formateurId: 'paul' }, two], { ...one, formateurId: 'zoe', salleId: null });
    expect(rows).toEqual([
      { day: '2027-03-09', half: 'am', formateurId: 'zoe', salleId: null },
      { day: '2027-03-09', half: 'pm', formateurId: 'zoe', salleId: null },
    ]);
  });

  it('propose the half-day after the last one', () => {
    expect(following([one, two], '2027-01-01')).toEqual({
      day: '2027-03-10',
      half: 'am',
      formateurId: 'anne',
      salleId: null,
    });
    expect(following([], '2027-03-12')).toEqual({ day: '2027-03-15', half: 'am', formateurId: null, salleId: null });
  });

  it('show on the board before the server answers', () => {
    const halfDay = {
      sessionId: 's',
      day: one.day,
      half: one.half,
      formateur: 'anne',
      salle: 'b12',
      start: '08:30',
      end: '12:00',
      remote: false,
      booked: true,
    };
    const board: PlanningBoard = {
      formateurs: [],
      salles: [],
      sessions: [],
      halfDays: [halfDay, { ...halfDay, sessionId: 't' }],
      taken: [],
    };
    const after = shifted(board, 's', [{ from: rowOf(halfDay), to: { ...one, formateurId: 'paul' } }]);
    expect(after.halfDays.map(({ formateur }) => formateur)).toEqual(['paul', 'anne']);
    expect(sameRow(one, { ...one, formateurId: null })).toBe(false);
    expect(sameRow({ ...two, salleId: null }, two)).toBe(true);
  });
});
