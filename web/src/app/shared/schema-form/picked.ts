/** What a chosen suggestion writes into the fields around it. Pure. */
import type { FieldSpec, Json, JsonObject } from './schema';
import type { Suggestion } from './sources';

/**
 * The object with the values of a suggestion in the fields that have an `x-pick`. A form keeps what somebody typed
 * (`blanksOnly`); a row becomes the chosen record.
 */
export function withPicked(
  fields: FieldSpec[],
  object: JsonObject,
  { values }: Suggestion,
  blanksOnly: boolean,
): JsonObject {
  const next = { ...object };
  for (const field of fields) {
    if (field.pick === null || !(field.pick in values)) continue;
    const present = next[field.key];
    if (blanksOnly && present !== undefined && present !== null && present !== '') continue;
    const value = meaning(field, values[field.pick] ?? null);
    if (value === null) Reflect.deleteProperty(next, field.key);
    else next[field.key] = value;
  }
  return next;
}

/** The value as this field writes it; `null` for a word that it does not have. */
function meaning({ pickAs }: FieldSpec, value: string | number | null): Json {
  if (value === null || pickAs === null) return value;
  return pickAs[String(value)] ?? null;
}
