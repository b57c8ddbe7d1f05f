/** Where the rows of a `x-widget: row` are, as a schema says it. */
import type { JsonSchema } from './schema';

/** What `x-rows` and its sisters say. */
export interface RowSource {
  /** Pointer to the list, `/<section>/<list>`. */
  at: string;
  /** The field of the row that is kept; without one its place in the list, from 1. */
  value: string | null;
  /** The fields shown, in this order. */
  label: string[];
  /**
   * A schema that the rows offered fit; of it `required`, `not` and `properties` with `const`, `minimum` and `maximum`
   * are read.
   */
  where: JsonSchema;
}

/** Reads where the rows come from; `null` where nothing is said. */
export function rowSourceOf(schema: JsonSchema): RowSource | null {
  const at = schema['x-rows'];
  if (typeof at !== 'string') return null;
  const label = schema['x-label'];
  return {
    at,
    value: typeof schema['x-value'] === 'string' ? schema['x-value'] : null,
    label: Array.isArray(label) ? label.filter((key): key is string => typeof key === 'string') : [],
    where: asSchema(schema['x-where']),
  };
}

export function asSchema(value: unknown): JsonSchema {
  return value && typeof value === 'object' && !Array.isArray(value) ? (value as JsonSchema) : {};
}
