import { PlanningBoard } from '../../../../api/models/planning-board';
import { PlanningHalfDay } from '../../../../api/models/planning-half-day';
import { SessionItem } from '../../../../api/models/session-item';
import { Line, linesOf } from './board';
import { Slot, daysOf, slotsOf } from './days';
import { shownLines, skillsOf } from './filter';
import { nextClash, walked } from './walk';

const [ANNE, PAUL, ROOM] = [1, 2, 3].map((digit) => `0000000${digit}-0000-4000-8000-000000000000`) as [
  string,
  string,
  string,
];
const HERE = { id: 'site-1', code: 'AFPI-01', name: 'Beauvais' };
const THERE = { id: 'site-2', code: 'AFPI-02', name: 'Amiens' };
const WEEK = slotsOf(daysOf('semaine', '2027-03-08'));

function session(id: string, more: Partial<SessionItem> = {}): SessionItem {
  return {
    ...{ id, numero: `S-${id}`, title: `Session ${id}`, status: 'prevue', localisationId: HERE.id, localisation: HERE },
    ...{ halfDays: 1, stagiaires: 6, opportunites: 0, formateurs: [], standalone: true, version: 1 },
    ...more,
  };
}
function half(
  sessionId: string,
  day: string,
  which: 'am' | 'pm',
  more: Partial<PlanningHalfDay> = {},
): PlanningHalfDay {
  return {
    sessionId,
    day,
    half: which,
    formateur: ANNE,
    salle: ROOM,
    start: '08:30',
    end: '12:00',
    remote: false,
    booked: true,
    ...more,
  };
}
function board(more: Partial<PlanningBoard>): PlanningBoard {
  const trainer = (id: string, name: string, skills: string[]) => ({
    id,
    name,
    skills,
    expiries: [],
    localisation: HERE,
    shared: false,
  });
  return {
    formateurs: [trainer(ANNE, 'Anne', ['TIG']), trainer(PAUL, 'Paul', ['MAG', 'TIG'])],
    salles: [
      {
        id: ROOM,
        name: 'B12',
        capacity: 8,
        equipment: [],
        localisationId: HERE.id,
        localisation: HERE,
        active: true,
        version: 1,
      },
    ],
    ...{ sessions: [], halfDays: [], taken: [] },
    ...more,
  };
}
function line(lines: Line[], id: string | null): Line {
  const found = lines.find((one) => one.id === id);
  if (!found) throw new Error(`no line ${id ?? 'of nobody'}`);
  return found;
}
function clashes(lines: Line[], id: string, { day, half: which }: Slot): string[] {
  const at = WEEK.findIndex((slot) => slot.day === day && slot.half === which);
  return line(lines, id).cells[at]?.entries.flatMap((entry) => entry.clashes.map(({ kind }) => kind)) ?? [];
}

describe('a planning board', () => {
  it('draws half-days that follow each other as one bar, and ends it before a gap', () => {
    const halfDays = [
      half('a', '2027-03-09', 'am'),
      half('a', '2027-03-09', 'pm'),
      half('a', '2027-03-10', 'am'),
      half('a', '2027-03-11', 'am'),
    ];
    const bars = line(linesOf(board({ sessions: [session('a')], halfDays }), 'formateurs', WEEK), ANNE).cells.flatMap(
      (cell) => cell.bars,
    );
    expect(bars.map(({ start, length, lane }) => [start, length, lane])).toEqual([
      [2, 3, 0],
      [6, 1, 0],
    ]);
    expect(bars[0]?.entries).toHaveLength(3);
  });

  it('puts what happens at once into lanes, and keeps the lane of a bar that goes on', () => {
    const halfDays = [half('a', '2027-03-09', 'am'), half('b', '2027-03-09', 'pm'), half('a', '2027-03-09', 'pm')];
    const anne = line(linesOf(board({ sessions: [session('a'), session('b')], halfDays }), 'formateurs', WEEK), ANNE);
    expect(anne.lanes).toBe(2);
    expect(
      anne.cells.flatMap((cell) => cell.bars).map(({ session: of, lane, length }) => [of?.id, lane, length]),
    ).toEqual([
      ['a', 0, 2],
      ['b', 1, 1],
    ]);
  });

  it('tells apart what is booked and what is only proposed', () => {
    const halfDays = [half('a', '2027-03-09', 'am'), half('a', '2027-03-09', 'pm', { booked: false })];
    const bars = line(linesOf(board({ sessions: [session('a')], halfDays }), 'formateurs', WEEK), ANNE).cells.flatMap(
      (cell) => cell.bars,
    );
    expect(bars.map(({ booked }) => booked)).toEqual([true, false]);
  });

  it('has a first line for what has nobody yet, and for names of older plannings, not for people of other lists', () => {
    const halfDays = [
      half('a', '2027-03-09', 'am', { formateur: null, salle: null, remote: true }),
      half('b', '2027-03-09', 'am', { formateur: 'M. Ancien' }),
      half('c', '2027-03-09', 'am', { formateur: '00000009-0000-4000-8000-000000000000' }),
    ];
    const of = board({ sessions: ['a', 'b', 'c'].map((id) => session(id)), halfDays });
    const lines = linesOf(of, 'formateurs', WEEK);
    expect(lines[0]?.id).toBeNull();
    expect(lines[0]?.cells[2]?.entries.map((entry) => entry.session.id)).toEqual(['a', 'b']);
    // A distance session needs no room.
    expect(linesOf(of, 'salles', WEEK).map(({ id }) => id)).toEqual([ROOM]);
  });

  it('shades weekends, holidays, absences and what has expired, and counts the rest as open', () => {
    const of = board({
      taken: [{ of: 'formateur', id: ANNE, day: '2027-03-10', half: 'am', absence: true, reason: 'Congés' }],
    });
    const expiries = [{ name: 'CACES', expiresOn: '2027-03-11' }];
    const lines = linesOf(
      { ...of, formateurs: of.formateurs.map((one) => (one.id === ANNE ? { ...one, expiries } : one)) },
      'formateurs',
      WEEK,
    );
    const offs = line(lines, ANNE).cells.map(({ off }) => off[0]?.why ?? '');
    expect(offs).toEqual([
      '',
      '',
      '',
      '',
      'absence',
      '',
      '',
      '',
      'lapsed',
      'lapsed',
      'weekend',
      'weekend',
      'weekend',
      'weekend',
    ]);
    expect(line(lines, ANNE).load).toEqual({ busy: 0, open: 9 });
    expect(linesOf(of, 'formateurs', slotsOf(['2027-05-06']))[0]?.cells[0]?.off).toEqual([{ why: 'holiday' }]);
  });
});

describe('conflicts', () => {
  const TUESDAY: Slot = { day: '2027-03-09', half: 'am' };

  it('are two sessions on one half-day, in both of them', () => {
    const halfDays = [half('a', '2027-03-09', 'am'), half('b', '2027-03-09', 'am', { booked: false, salle: null })];
    const lines = linesOf(board({ sessions: [session('a'), session('b')], halfDays }), 'formateurs', WEEK);
    expect(clashes(lines, ANNE, TUESDAY)).toEqual(['twice', 'twice']);
    expect(line(lines, ANNE).clashes).toBe(1);
    expect(line(lines, PAUL).clashes).toBe(0);
  });

  it('are no conflict between two trainers of one session', () => {
    const halfDays = [half('a', '2027-03-09', 'am'), half('a', '2027-03-09', 'am', { formateur: PAUL })];
    const lines = linesOf(board({ sessions: [session('a')], halfDays }), 'salles', WEEK);
    expect(clashes(lines, ROOM, TUESDAY)).toEqual([]);
  });

  it('are an absence, something else, and what has expired', () => {
    const of = board({
      sessions: [session('a')],
      halfDays: [half('a', '2027-03-09', 'am'), half('a', '2027-03-10', 'am')],
      taken: [
        { of: 'formateur', id: ANNE, day: '2027-03-09', half: 'am', absence: true },
        {
          of: 'formateur',
          id: ANNE,
          day: '2027-03-10',
          half: 'am',
          absence: false,
          opportunite: { id: 'o', numero: 'OPP-1', title: 'X' },
        },
      ],
    });
    const lines = linesOf(
      {
        ...of,
        formateurs: of.formateurs.map((one) => ({ ...one, expiries: [{ name: 'CACES', expiresOn: '2027-03-09' }] })),
      },
      'formateurs',
      WEEK,
    );
    expect(clashes(lines, ANNE, TUESDAY)).toEqual(['away']);
    expect(clashes(lines, ANNE, { day: '2027-03-10', half: 'am' })).toEqual(['twice', 'lapsed']);
  });

  it('are two sites on one day, and a room that is too small', () => {
    const halfDays = [half('a', '2027-03-09', 'am'), half('b', '2027-03-09', 'pm', { salle: null })];
    const sessions = [session('a', { stagiaires: 9 }), session('b', { localisationId: THERE.id, localisation: THERE })];
    const lines = linesOf(board({ sessions, halfDays }), 'formateurs', WEEK);
    expect(clashes(lines, ANNE, TUESDAY)).toEqual(['travel', 'small']);
    expect(clashes(lines, ANNE, { day: '2027-03-09', half: 'pm' })).toEqual(['travel']);
    expect(clashes(linesOf(board({ sessions, halfDays }), 'salles', WEEK), ROOM, TUESDAY)).toEqual(['small']);
  });

  it('are a weekend and a holiday', () => {
    const lines = linesOf(
      board({ sessions: [session('a')], halfDays: [half('a', '2027-03-13', 'am')] }),
      'formateurs',
      WEEK,
    );
    expect(clashes(lines, ANNE, { day: '2027-03-13', half: 'am' })).toEqual(['dayOff']);
  });
});

describe('lines', () => {
  const halfDays = [
    half('a', '2027-03-09', 'am'),
    half('b', '2027-03-09', 'am', { formateur: PAUL, salle: null }),
    half('c', '2027-03-09', 'am', { formateur: PAUL, salle: null }),
  ];
  const lines = linesOf(
    board({ sessions: [session('a', { title: 'Soudure à l’arc' }), session('b'), session('c')], halfDays }),
    'formateurs',
    WEEK,
  );

  it('are found by name, by session, by skill and by conflict', () => {
    const ids = (wanted: Partial<Parameters<typeof shownLines>[1]>) =>
      shownLines(lines, { q: '', skill: '', onlyClashes: false, ...wanted }).map(({ name }) => name);
    expect(ids({})).toEqual(['Anne', 'Paul']);
    expect(ids({ q: 'pAu' })).toEqual(['Paul']);
    expect(ids({ q: 'soudure a' })).toEqual(['Anne']);
    expect(ids({ skill: 'MAG' })).toEqual(['Paul']);
    expect(ids({ onlyClashes: true })).toEqual(['Paul']);
    expect(ids({ q: 'zzz' })).toEqual([]);
    expect(skillsOf(lines)).toEqual(['MAG', 'TIG']);
  });

  it('are walked with the keyboard, to the edges and no further', () => {
    const at = { row: 0, column: 0 };
    expect(walked(at, 'ArrowLeft', 2, 14, -1)).toEqual({ row: 0, column: -1 });
    expect(walked(at, 'ArrowLeft', 2, 14, 0)).toEqual(at);
    expect(walked(at, 'PageDown', 2, 14, -1)).toEqual({ row: 1, column: 0 });
    expect(walked(at, 'End', 2, 14, -1)).toEqual({ row: 0, column: 13 });
    expect(walked(at, 'x', 2, 14, -1)).toBeNull();
  });

  it('lead from one conflict to the next, and around', () => {
    expect(nextClash(lines, { row: 0, column: 0 })).toEqual({ row: 1, column: 2 });
    expect(nextClash(lines, { row: 1, column: 2 })).toEqual({ row: 1, column: 2 });
    expect(nextClash(lines.slice(0, 1), { row: 0, column: 0 })).toBeNull();
  });
});
