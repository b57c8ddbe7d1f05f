/** What a coverage adds up, as a schema declares it (`x-coverage`). */
import type { JsonObject } from './schema';

/** The fields of `x-coverage`. Pointers lead into all documents (`/<section>/…`), names into a row of the list. */
export interface CoverageSpec {
  /** Pointer to what is to be covered. */
  total: string;
  /** The fields that name a payer, the first filled one counts. */
  payer: string[];
  asked: string;
  agreed: string;
  /** The share that nobody funds: a member of the list's own document. */
  own: { field: string; payer: JsonObject };
  /** The issued rows. Without `due` nothing of a row is paid. */
  invoiced: {
    at: string;
    payer: string[];
    net: string[];
    /** Including VAT: the total, what credit notes left of it, and what is still due. */
    gross: string;
    left: string;
    due: string;
    where: JsonObject;
  };
}

/** Parses the keyword; `null` for an invalid one. */
export function coverageSpecOf(raw: unknown): CoverageSpec | null {
  if (!raw || typeof raw !== 'object') return null;
  const { total, payer, asked, agreed, own, invoiced } = raw as Partial<CoverageSpec>;
  const texts = [total, asked, agreed, own?.field, invoiced?.at, invoiced?.gross, invoiced?.left, invoiced?.due];
  const lists = [payer, invoiced?.payer, invoiced?.net];
  return texts.every((text) => typeof text === 'string') && lists.every(Array.isArray) ? (raw as CoverageSpec) : null;
}
