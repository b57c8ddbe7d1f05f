import { Slot, clashesOf, columnsOf, key, wantedOf } from './clashes';
import { Json, fieldsOf } from './schema';

const [SESSIONS] = fieldsOf({
  type: 'object',
  properties: {
    sessions: {
      type: 'array',
      'x-widget': 'halfdays',
      items: {
        type: 'object',
        properties: {
          jour: { type: 'string', format: 'date' },
          demi: { oneOf: [{ const: 'am' }, { const: 'pm' }] },
          formateur: { type: 'string', 'x-widget': 'formateur' },
          motif: { type: 'string' },
        },
      },
    },
  },
});

describe('half-days taken twice', () => {
  const columns = SESSIONS && columnsOf(SESSIONS, ({ lookup }) => lookup === 'formateur');
  if (!columns) throw new Error('no columns');
  const rows: Json[] = [
    { jour: '2026-12-14', demi: 'am', formateur: 'a' },
    { jour: '2026-12-14', demi: 'pm', formateur: 'a' },
    { jour: '2026-12-14', demi: 'am', formateur: 'a' },
    { jour: '2026-12-15', demi: 'am', formateur: 'b' },
    { jour: null, demi: 'am', formateur: 'b' },
    { demi: 'am' },
  ];

  it('are asked for over the days of the list', () => {
    expect(wantedOf(rows, columns)).toEqual({
      from: '2026-12-14',
      to: '2026-12-15',
      wanted: [
        { column: 'formateur', id: 'a' },
        { column: 'formateur', id: 'b' },
      ],
    });
    expect(wantedOf([{ jour: '2026-12-14' }], columns)).toBeNull();
  });

  it('are told at their row, whoever has them', () => {
    const taken = new Map<string, Slot[]>([
      [
        key('formateur', 'b'),
        [
          { day: '2026-12-15', half: 'am', by: 'OPP-1' },
          { day: '2026-12-14', half: 'am', by: 'OPP-2' },
        ],
      ],
    ]);
    expect(clashesOf(rows, columns, taken)).toEqual([
      { row: 2, column: 'formateur', id: 'a', day: '2026-12-14', half: 'am', inRow: 0, by: '' },
      { row: 3, column: 'formateur', id: 'b', day: '2026-12-15', half: 'am', inRow: null, by: 'OPP-1' },
    ]);
  });
});
