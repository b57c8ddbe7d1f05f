// Made from wit/ by `afpi plugin types`; do not edit.

/** A UUID in its 36-character lower-case form. */
export type Id = string;

/** An amount in integer cents of euro, excl. VAT unless the name says otherwise. Never a float. */
export type Money = number;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A calendar date `YYYY-MM-DD` in the site's time zone (Europe/Paris). */
export type Date = string;

/** A UTF-8 JSON text (RFC 8259). The host refuses a text over 256 KiB or nested deeper than 32 levels. */
export type Json = string;

/** A text for people in the two languages of the product. */
export interface Text {
  fr: string;
  en: string;
}

/** One thing wrong with one field of an input. */
export interface FieldProblem {
  /** JSON Pointer (RFC 6901) into the input, e.g. `/lignes/0/quantite`; empty for the input as a whole. */
  field: string;
  /** A stable word for programs, e.g. `required`, `out-of-range`. */
  code: string;
  /** The sentence shown next to the field. */
  message: Text;
}

/** Why a call was not answered. */
export type Error =
  /** The input is wrong; each problem names its field. */
  | { tag: 'invalid'; val: FieldProblem[] }
  /** The actor, or this plugin's grant, does not allow it. */
  | { tag: 'denied'; val: Text }
  /** The named thing does not exist, or not for this caller. */
  | { tag: 'not-found'; val: string }
  /** The thing's state does not allow it (anymore). */
  | { tag: 'conflict'; val: Text }
  /** Too many calls; try again after so many milliseconds. */
  | { tag: 'rate-limited'; val: number }
  /** A remote part is away or answered nonsense; trying later may help. */
  | { tag: 'unavailable'; val: string }
  /** Anything else, in words for a log. */
  | { tag: 'other'; val: string };

/** The person in whose name a call is made. */
export interface Actor {
  id: Id;
  name: string;
  /** Role id as in the domain, e.g. `commercial`. */
  role: string;
  /** Is this person the record's own commercial? */
  owner: boolean;
}

/** An opportunité as plugins see it: the fields every workflow shares, and its section documents as JSON. */
export interface Opportunite {
  id: Id;
  /** `OPP-<year>-<5 digits>`. */
  numero: string;
  title: string;
  /** `inter-entreprise`, `intra-entreprise`, `individuelle` or `alternance`. */
  kind: string;
  /** Section and status ids of the workflow plugin; empty before the first decision. */
  section: string;
  status: string;
  /** What it is worth now, excl. VAT. */
  amount: Money;
  /** Estimated budget given at creation, excl. VAT. */
  budget: Money;
  entreprise: Id;
  entrepriseName: string;
  commercial: Id;
  localisation: Id;
  createdAt: Instant;
  /** Since when it stands in this section. */
  sectionSince: Instant;
  /** One object per section id: `{"<section>": {…fields of its form…}}`. */
  data: Json;
  /** The workflow plugin's own notes (where to return, counters); never shown. */
  state: Json;
}

/** An entreprise (a company that buys training) as plugins see it. */
export interface Entreprise {
  id: Id;
  name: string;
  /** 14 digits; empty when unknown. */
  siret: string;
  postcode: string;
  city: string;
  localisation: Id;
  /** False once it is archived. */
  active: boolean;
  createdAt: Instant;
  updatedAt: Instant;
  /**
   * One object with its further fields by their name in the CRM's API (`nafCode`, `opco`, `headcount`, `phone`, …); a
   * field without a value is absent.
   */
  data: Json;
}
