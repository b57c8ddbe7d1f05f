/**
 * Fields that the browser computes during typing (`x-computed`), so that totals follow. The plugin computes the same at
 * each save, and its figures count.
 */
import { asList, asObject } from './edits';
import { FieldSpec, Json, JsonObject } from './schema';

/** Amounts are integer cents. */
export type Formula =
  /** Two members of the same object multiplied, rounded half away from zero. */
  | { product: [string, string] }
  /** Members of the same object added up. */
  | { add: string[] }
  /** `list/member` over all rows. With `percent`, that share of it, by a choice of the row, rounded once per choice. */
  | { sum: string; percent?: { by: string; of: Record<string, number> } };

/** Parses a formula; `null` for an invalid one. */
export function formulaOf(raw: unknown): Formula | null {
  if (!raw || typeof raw !== 'object') return null;
  const { product, add, sum, percent } = raw as Record<string, unknown>;
  const names = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((name) => typeof name === 'string');
  if (names(product) && product.length === 2) return { product: product as [string, string] };
  if (names(add)) return { add };
  if (typeof sum !== 'string' || !sum.includes('/')) return null;
  if (!percent || typeof percent !== 'object') return { sum };
  const { by, of } = percent as { by?: unknown; of?: unknown };
  return typeof by === 'string' && of && typeof of === 'object'
    ? { sum, percent: { by, of: of as Record<string, number> } }
    : null;
}

/** The document with all formulas computed, rows first. Values that cannot be computed yet are left out. */
export function withSums(fields: FieldSpec[], document: JsonObject): JsonObject {
  const next: JsonObject = { ...document };
  for (const { key, children, widget } of fields) {
    if (next[key] === undefined || !children.length) continue;
    if (widget === 'group') next[key] = withSums(children, asObject(next[key]));
    else if (Array.isArray(next[key])) next[key] = asList(next[key]).map((row) => withSums(children, asObject(row)));
  }
  for (const { key, formula } of fields) {
    if (!formula) continue;
    const value = valueOf(formula, next);
    if (value === null) Reflect.deleteProperty(next, key);
    else next[key] = value;
  }
  return next;
}

function valueOf(formula: Formula, document: JsonObject): number | null {
  if ('product' in formula) {
    const [count, price] = formula.product.map((key) => document[key]);
    return typeof count === 'number' && typeof price === 'number' ? hundredth(Math.round(count * 100) * price) : null;
  }
  if ('add' in formula) return added(formula.add.map((key) => document[key]));
  const [list, member] = formula.sum.split('/') as [string, string];
  const rows = asList(document[list]).map(asObject);
  const { percent } = formula;
  if (rows.length === 0) return null;
  if (!percent) return added(rows.map((row) => row[member]));
  const choices = new Set(rows.map((row) => row[percent.by]));
  return added(
    [...choices].map((choice) => {
      const rate = typeof choice === 'string' ? percent.of[choice] : undefined;
      const sum = added(rows.filter((row) => row[percent.by] === choice).map((row) => row[member]));
      return rate === undefined || sum === null ? undefined : hundredth(sum * rate);
    }),
  );
}

function added(values: (Json | undefined)[]): number | null {
  return values.every((value) => typeof value === 'number') ? values.reduce((sum, value) => sum + value, 0) : null;
}
/** A hundredth, rounded half away from zero. */
function hundredth(value: number): number {
  return Math.sign(value) * Math.floor((Math.abs(value) + 50) / 100);
}
