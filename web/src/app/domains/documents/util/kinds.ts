/** Documents by kind and subject, as the panel shows them. Pure. */
import { Document } from '../../../api/models/document';
import { DocumentCandidate } from '../../../api/models/document-candidate';
import { DocumentKind } from '../../../api/models/document-kind';
import { SignedCopy } from '../../../api/models/signed-copy';

/** What there is of one subject: the last document in each language, newest first. */
export interface Standing {
  candidate: DocumentCandidate;
  documents: Document[];
}

/** A kind with its subjects. */
export interface Shelf {
  kind: DocumentKind;
  standings: Standing[];
  /** Subjects that have a finished document. */
  ready: number;
  /** Subjects of which one can be made now. */
  possible: DocumentCandidate[];
}

/** Documents to make. */
export interface Making {
  candidates: DocumentCandidate[];
  language?: string;
}

/** What somebody wants to do with a document. */
export type DocumentAct =
  | { kind: 'send' | 'sendAgain' | 'sign' | 'accept'; document: Document }
  | { kind: 'openCopy' | 'saveCopy'; document: Document; copy: SignedCopy };

/** The kinds that have something to show: those of the step and those that were made, and the others. */
export interface Shelves {
  here: Shelf[];
  others: Shelf[];
}

/** Each in the order of the catalogue, those of the step first. */
export function shelves(kinds: readonly DocumentKind[], documents: readonly Document[], step: string): Shelves {
  const all = kinds.map((kind) => shelf(kind, documents)).filter(({ standings }) => standings.length > 0);
  const ofStep = ({ kind }: Shelf): boolean => kind.section === step;
  const made = ({ standings }: Shelf): boolean => standings.some((one) => one.documents.length > 0);
  return {
    here: [...all.filter(ofStep), ...all.filter((one) => !ofStep(one) && made(one))],
    others: all.filter((one) => !ofStep(one) && !made(one)),
  };
}

function shelf(kind: DocumentKind, documents: readonly Document[]): Shelf {
  const own = documents.filter((one) => one.kind === kind.id && one.latest);
  const standings = kind.subjects.map((candidate) => ({
    candidate,
    documents: own.filter(({ aboutId, aboutDay }) => aboutId === candidate.id && (aboutDay ?? null) === day(candidate)),
  }));
  return {
    kind,
    standings: kind.allowed ? standings : standings.filter((one) => one.documents.length > 0),
    ready: standings.filter((one) => one.documents.some(({ state }) => state === 'ready')).length,
    possible: kind.allowed ? kind.subjects.filter(({ missing }) => missing.length === 0) : [],
  };
}

function day(candidate: DocumentCandidate): string | null {
  return candidate.day ?? null;
}

/** The subject of a request. */
export function subjectOf({ id, day }: DocumentCandidate): { id: string; day?: string } {
  return day ? { id, day } : { id };
}
