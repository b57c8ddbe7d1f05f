/**
 * Chooses a row of the stored documents (`x-widget: row`): an invoice to pay, a payment to reverse. The schema names
 * the rows, the condition, the stored value and the displayed fields.
 */
import { Format } from '../i18n/pipes';
import { Written } from './context';
import { RowSource, asSchema } from './row-source';
import { FieldSpec, Json, JsonObject, JsonSchema, Option, fieldsOf, isFilled, plain, valueAt } from './schema';

/** The rows on offer. */
export function rowChoices(source: RowSource, { documents, forms }: Written, format: Format): Option[] {
  const [, section = '', ...path] = source.at.split('/');
  const rows = valueAt(documents[section] ?? {}, `/${path.join('/')}`);
  if (!Array.isArray(rows)) return [];
  const columns = fieldsOf(forms[section] ?? {}).find(({ key }) => key === path[0])?.children ?? [];
  return rows.flatMap((row, index): Option[] => {
    const object = (row ?? {}) as JsonObject;
    const value = source.value === null ? index + 1 : object[source.value];
    if (!fits(object, source.where) || (typeof value !== 'string' && typeof value !== 'number')) return [];
    const said = source.label.map((key) =>
      shown(
        object[key],
        columns.find((column) => column.key === key),
        format,
      ),
    );
    const label = said.filter(Boolean).join(' · ') || String(index + 1);
    return [{ value, label: { fr: label, en: label } }];
  });
}

/** A value as its column shows it. */
export function shown(value: Json | undefined, column: FieldSpec | undefined, format: Format): string {
  if (!isFilled(value)) return '';
  if (column?.widget === 'money' && typeof value === 'number') return format.money(value);
  if (column?.widget === 'date') return format.day(plain(value));
  return format.text(column?.options.find((option) => option.value === value)?.label) || plain(value);
}

/** Does a row fit a schema with `required`, `not`, and `properties` with `const`, `minimum` and `maximum`? */
export function fits(row: JsonObject, schema: JsonSchema): boolean {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  if (!required.every((key) => isFilled(row[String(key)]))) return false;
  if (schema['not'] && fits(row, asSchema(schema['not']))) return false;
  return Object.entries(asSchema(schema['properties'])).every(([key, raw]) => {
    const [value, rule] = [row[key], asSchema(raw)];
    if (!isFilled(value)) return true;
    if ('const' in rule && rule['const'] !== value) return false;
    if (typeof value !== 'number') return true;
    return !(Number(rule['minimum']) > value) && !(Number(rule['maximum']) < value);
  });
}
