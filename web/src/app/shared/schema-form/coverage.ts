/**
 * Who pays how much of a total (`x-widget: coverage`): asked, agreed, done, invoiced and paid, by payer. Pure. Amounts
 * are integer cents excl. VAT.
 */
import { asList, asObject } from './edits';
import { CoverageSpec } from './coverage-spec';
import { fits } from './row-choices';
import { FieldSpec, Json, JsonObject, isFilled, plain, valueAt } from './schema';

export interface Share {
  /** The payer, `null` for the own share. */
  name: string | null;
  asked: number;
  agreed: number;
  invoiced: number;
  paid: number;
}

export interface Coverage {
  total: number;
  shares: Share[];
  /** What nobody covers yet; negative if too much is agreed. */
  open: number;
}

export type Measure = 'asked' | 'agreed' | 'invoiced' | 'paid';

/**
 * The shares of the payers. `rows` and `document` are those on the screen; `documents` are all stored ones, whose lists
 * have these `columns`.
 */
export function coverageOf(
  spec: CoverageSpec,
  {
    rows,
    document,
    documents,
    columns,
    invoices,
  }: {
    rows: readonly Json[];
    document: JsonObject;
    documents: Record<string, JsonObject | undefined>;
    columns: FieldSpec[];
    invoices: FieldSpec[];
  },
): Coverage {
  const total = amount(read(documents, spec.total));
  const shares = new Map<string, Share>();
  const share = (name: string | null): Share => {
    const key = name === null ? '' : folded(name);
    const found = shares.get(key) ?? { name, asked: 0, agreed: 0, invoiced: 0, paid: 0 };
    shares.set(key, found);
    return found;
  };
  for (const row of rows.map(asObject)) {
    const one = share(named(row, spec.payer, columns));
    one.asked += amount(row[spec.asked]);
    one.agreed += amount(row[spec.agreed]);
  }
  const agreed = [...shares.values()].reduce((sum, one) => sum + one.agreed, 0);
  const own = document[spec.own.field];
  const rest = rows.length ? amount(own) : typeof own === 'number' ? own : total;
  if (rest || !rows.length) Object.assign(share(null), { asked: rest, agreed: rest });
  const { invoiced } = spec;
  for (const row of asList(read(documents, invoiced.at) ?? null).map(asObject)) {
    if (!fits(row, invoiced.where)) continue;
    const net = invoiced.net.reduce((sum, key) => sum + amount(row[key]), 0);
    const is = Object.entries(spec.own.payer).every(([key, value]) => row[key] === value);
    const one = share(is ? null : named(row, invoiced.payer, invoices));
    one.invoiced += net;
    if (isFilled(row[invoiced.due])) {
      const [gross, paid] = [amount(row[invoiced.gross]), amount(row[invoiced.left]) - amount(row[invoiced.due])];
      if (gross > 0) one.paid += Math.round((net * paid) / gross);
    }
  }
  return { total, shares: [...shares.values()], open: total - agreed - rest };
}

/** The sum of a measure over all payers. */
export function sumOf(shares: readonly Share[], measure: Measure): number {
  return shares.reduce((sum, share) => sum + share[measure], 0);
}

/** The first filled field, in words. */
function named(row: JsonObject, fields: string[], columns: FieldSpec[]): string {
  const key = fields.find((name) => isFilled(row[name]));
  const value = key === undefined ? '' : row[key];
  const option = columns.find((column) => column.key === key)?.options.find((one) => one.value === value);
  return option?.label.fr ?? plain(value);
}
function read(documents: Record<string, JsonObject | undefined>, pointer: string): Json | undefined {
  const [, section = '', ...path] = pointer.split('/');
  return valueAt(documents[section], `/${path.join('/')}`);
}
function amount(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}
function folded(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}
