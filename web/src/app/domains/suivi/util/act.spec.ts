/** What acts of the journal say. */
import { JournalEntry } from '../../../api/models/journal-entry';
import { SuiviEntry } from '../../../api/models/suivi-entry';
import { elsewhere, plainValue, sentence, told } from './act';

const act = (of: Partial<JournalEntry>): JournalEntry => ({
  id: '1',
  at: '2026-11-29T10:00:00.000Z',
  act: 'edited',
  actor: { kind: 'person', id: 'p', name: 'Zoé' },
  subject: { kind: 'opportunite', id: 'o' },
  changes: [],
  correlationId: '',
  ...of,
});
const entry = (kind: SuiviEntry['kind'], of: Partial<JournalEntry>): SuiviEntry => ({
  id: '1',
  at: '2026-11-29T10:00:00.000Z',
  kind,
  act: act(of),
});

it('has a sentence for each act', () => {
  expect(sentence(entry('modification', {}))).toBe('suivi.act.edited');
  expect(sentence(entry('mouvement', { act: 'created' }))).toBe('suivi.act.created');
  expect(sentence(entry('mouvement', { act: 'created', subject: { kind: 'entreprise', id: 'e' } }))).toBe(
    'suivi.act.createdOther',
  );
  expect(sentence(entry('mouvement', { act: 'refused', transition: 't' }))).toBe('suivi.act.refusedMove');
  expect(sentence(entry('mouvement', { act: 'refused' }))).toBe('suivi.act.refused');
  expect(sentence(entry('document', { act: 'exported' }))).toBe('suivi.act.exported');
  expect(sentence(entry('mail', {}))).toBe('suivi.act.mail');
  expect(sentence(entry('mouvement', { act: 'switched_on' }))).toBe('suivi.act.other');
});

it('shows values of every shape', () => {
  expect([null, '', 0, true, ['a', null, 'b'], { a: 'x', b: null, c: 2 }].map(plainValue)).toEqual([
    '',
    '',
    '0',
    '✓',
    'a, b',
    'x · 2',
  ]);
});

it('leads to another record only', () => {
  expect(elsewhere(act({}), 'o')).toBeNull();
  expect(elsewhere(act({}), 'company')).toEqual(['/opportunites', 'o']);
});

it('tells a file once by its name', () => {
  const change = (from: string | null, to: string | null) => ({ field: '/attachment', from, to });
  expect(told([change(null, 'a.pdf'), change('b.pdf', null), change(null, 'a.pdf')])).toEqual(['a.pdf', 'b.pdf']);
});
