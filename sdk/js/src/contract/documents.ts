// Made from wit/ by `afpi plugin types`; do not edit.
import type { Json, Text, Instant, Date, FieldProblem, Error } from './types.js';

/** What one document is about. There is one for each. */
export type About = 'opportunite' | 'piece' | 'session' | 'day' | 'stagiaire' | 'other';

/** One kind of document. */
export interface Kind {
  /** `[a-z][a-z0-9-]*`, at most 40 characters; never changes. */
  id: string;
  label: Text;
  /** Section of the workflow it belongs to; empty: to none. */
  section: string;
  /** Role ids that may make it. Whoever may read the record may read it. */
  roles: string[];
  about: About;
  /** About pieces: their kinds, e.g. `facture`. The host makes an archival document by itself when such a piece is issued. */
  pieces: string[];
  /** Kept for years: the host makes it as PDF/A-3a and PDF/UA-1, and refuses one that breaks these standards. */
  archival: boolean;
  /** Languages it can be had in, the usual one first, e.g. `fr`, `en`. */
  languages: string[];
  /** Does somebody sign it and send it back? The host keeps the signed copies beside it. */
  signed: boolean;
  /** About pieces: the step of the reminder that it is, from 1; 0: it is none. The host makes it when that step is due. */
  reminder: number;
}

/** A document that is wanted. */
export interface Request {
  kind: string;
  /** One of the kind's languages. */
  language: string;
  /** A preview: what is missing is left blank or marked, and the document says that it is a draft. */
  draft: boolean;
  /**
   * What the host knows: one object with `opportunite`, `entreprise`, `entite`, `site`, `piece`, `payments`, `sessions`, `session`,
   * `day`, `stagiaires`, `stagiaire`. What does not concern the document, or is unknown, is absent. `docs/documents.md` has the fields.
   */
  dossier: Json;
  now: Instant;
  /** The day it is dated: of an issued piece its day of issue. */
  today: Date;
}

/** A mail that takes the document to somebody. */
export interface Mail {
  subject: string;
  /** Plain text. Blank lines part paragraphs. */
  body: string;
}

/** What the host renders. */
export interface Composition {
  /** Path of the template among the plugin's, e.g. `devis.typ`. */
  template: string;
  /** What the template reads as `/data.json`. */
  data: Json;
  title: string;
  /** Without extension; letters, digits, `-` and `_`. */
  fileName: string;
  /** The electronic invoice that goes into the file (EN 16931, as `docs/documents.md` says). */
  invoice: Json | null;
  mail: Mail | null;
}

/**
 * The documents a centre sends and keeps: which there are, what each needs, and what stands in it. The plugin brings the templates in its
 * file; the host renders them. Pure: the same request gives the same answer, so a document can be made again byte for byte.
 */
export interface DocumentsExports {
  /** All kinds, in the order to show them; asked once per change of settings or version. */
  catalogue(): Kind[];
  /**
   * What is missing before the document can be made, with pointers into the dossier.
   * @throws an error of the contract
   */
  missing(request: Request): FieldProblem[];
  /**
   * The content of a document.
   * @throws an error of the contract
   */
  compose(request: Request): Composition;
}
