/** The rows of a `x-widget: row`, as a schema declares them. */
import type { JsonSchema } from './schema';

/** The values of `x-rows` and its related keywords. */
export interface RowSource {
  /** Pointer to the list, `/<section>/<list>`. */
  at: string;
  /** The row's field that is stored. Without one its position in the list, from 1. */
  value: string | null;
  /** The fields shown, in this order. */
  label: string[];
  /**
   * A schema for the offered rows. Supports `required`, `not` and `properties` with `const`, `minimum` and `maximum`.
   */
  where: JsonSchema;
}

/** Parses the source of the rows; `null` without one. */
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
