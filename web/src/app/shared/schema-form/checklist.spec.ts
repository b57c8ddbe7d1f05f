import { checklistOf, follow, listed, stateOf, tick } from './checklist';
import { JsonObject, fieldsOf } from './schema';

const FORM = {
  'x-checklist': {
    ticked: 'ticks',
    filed: 'files',
    follow: { rows: 'rows', piece: 'what', reason: 'why', from: 'who', until: 'when' },
  },
  properties: {
    ticks: { type: 'array', items: { oneOf: [{ const: 'a', title: 'Acte' }, { const: 'b' }] } },
    files: { type: 'array', items: { oneOf: [{ const: 'a' }, { const: 'b' }] }, readOnly: true },
    rows: { type: 'array', items: { type: 'object', properties: { what: {}, why: {}, who: {}, when: {} } } },
  },
};
const SPEC = checklistOf(FORM);
const FIELD = fieldsOf(FORM)[0];

describe('a checklist', () => {
  it('needs the names of all its fields', () => {
    expect(checklistOf({})).toBeNull();
    expect(checklistOf({ 'x-checklist': { ticked: 'a', filed: 'b' } })).toBeNull();
    expect(SPEC).toMatchObject({ ticked: 'ticks', rows: 'rows', until: 'when' });
  });

  it('tells of each piece whether it is there, awaited or late', () => {
    if (!SPEC || !FIELD) throw new Error('no checklist');
    const spec = SPEC;
    const field = FIELD;
    const states = (document: JsonObject): string[] =>
      listed(spec, field, document).map((one) => stateOf(one, '2026-11-29'));
    expect(states({})).toEqual(['missing', 'missing']);
    expect(states({ files: ['a'], ticks: ['b'] })).toEqual(['file', 'ticked']);
    const rows: JsonObject[] = [
      { what: 'a', when: '2026-11-28' },
      { what: 'b', who: 'Anne', when: '2026-11-29' },
    ];
    expect(states({ rows })).toEqual(['late', 'awaited']);
  });

  it('keeps one row per piece, and none that says nothing', () => {
    if (!SPEC) throw new Error('no checklist');
    const one = follow(SPEC, 'a', 'who', 'Anne')({ rows: [{ what: 'b', why: 'paper' }] });
    expect(one['rows']).toEqual([
      { what: 'b', why: 'paper' },
      { what: 'a', who: 'Anne' },
    ]);
    expect(follow(SPEC, 'a', 'who', '')(one)['rows']).toEqual([{ what: 'b', why: 'paper' }]);
    expect(tick(SPEC, 'a', true)({ ticks: ['b'] })['ticks']).toEqual(['b', 'a']);
  });
});
