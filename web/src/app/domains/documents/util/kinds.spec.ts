import { Document } from '../../../api/models/document';
import { DocumentKind } from '../../../api/models/document-kind';
import { shelves, subjectOf } from './kinds';

const text = { fr: 'x', en: 'x' };
const kind = (
  id: string,
  section: string,
  subjects: { id: string; lacks?: boolean }[],
  allowed = true,
): DocumentKind => ({
  ...{ id, section, allowed, label: text, about: 'piece', languages: ['fr'], issued: false, signed: false },
  subjects: subjects.map((one) => ({
    ...{ id: one.id, label: text },
    missing: one.lacks ? [{ field: '/a', code: 'required', message: text }] : [],
  })),
});
const made = (of: string, aboutId: string, state = 'ready', latest = true): Document =>
  ({ id: `${of} ${aboutId}`, kind: of, aboutId, aboutDay: null, state, latest }) as Document;

describe('documents by kind', () => {
  const quote = kind('devis', 'devis', [{ id: 'a' }, { id: 'b', lacks: true }]);
  const invoice = kind('facture', 'facturation', [{ id: 'c' }]);
  const letter = kind('lettre', 'documents', [{ id: 'o' }]);

  it('shows those of the step and those that were made, and keeps the others aside', () => {
    const { here, others } = shelves([letter, invoice, quote], [made('facture', 'c')], 'devis');
    expect(here.map((one) => one.kind.id)).toEqual(['devis', 'facture']);
    expect(others.map((one) => one.kind.id)).toEqual(['lettre']);
  });

  it('counts what is ready and what can be made', () => {
    const [shelf] = shelves([quote], [made('devis', 'a'), made('devis', 'b', 'failed')], 'devis').here;
    expect([shelf?.ready, shelf?.possible.map(({ id }) => id)]).toEqual([1, ['a']]);
    expect(shelf?.standings.map((one) => one.documents.length)).toEqual([1, 1]);
  });

  it('shows who may not make it only what was made', () => {
    const read = kind('devis', 'devis', [{ id: 'a' }, { id: 'b' }], false);
    const [shelf] = shelves([read], [made('devis', 'b'), made('devis', 'a', 'ready', false)], 'devis').here;
    expect([shelf?.standings.map((one) => one.candidate.id), shelf?.possible]).toEqual([['b'], []]);
  });

  it('names a day of a session', () => {
    expect(subjectOf({ id: 's', day: '2026-12-10', label: text, missing: [] })).toEqual({ id: 's', day: '2026-12-10' });
  });
});
