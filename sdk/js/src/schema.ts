//! Settings and forms: one description gives both a JSON Schema (draft 2020-12), in the dialect of the product's forms,
//! and the TypeScript type. Knows no particular form.

/** One field: its schema, its default, and its type. */
export interface Field<T> {
  readonly schema: Record<string, unknown>;
  /** The value of an absent field. */
  readonly absent: T;
  /** Reads a value that fits the schema, and fills in absent fields. */
  read(value: unknown): T;
}

/** The type of a field's values: `type Settings = Infer<typeof settings>`. */
export type Infer<F> = F extends Field<infer T> ? T : never;

/** The label and display of a field. */
export interface Label {
  /** The label in French. */
  fr: string;
  /** The label in English. */
  en: string;
  /** Help below the field, in both languages. */
  help?: { fr: string; en: string };
  /** The display: `textarea`, `date`, `tags`, … */
  widget?: string;
  /** It is required. Otherwise an absent field reads as its default. */
  required?: boolean;
}

/** A text. Limits count characters. */
export function string(
  label: Label & { default?: string; minLength?: number; maxLength?: number; pattern?: string },
): Field<string> {
  const { minLength, maxLength, pattern } = label;
  return field(label, { type: 'string', minLength, maxLength, pattern }, label.default ?? '', '');
}

/** A whole number. */
export function integer(label: Label & { default?: number; minimum?: number; maximum?: number }): Field<number> {
  const { minimum, maximum } = label;
  return field(label, { type: 'integer', minimum, maximum }, label.default ?? 0, 0);
}

/** An amount, in integer cents of euro. */
export function money(label: Label & { default?: number; minimum?: number; maximum?: number }): Field<number> {
  return integer({ widget: 'money', ...label });
}

/** Yes or no. */
export function boolean(label: Label & { default?: boolean }): Field<boolean> {
  return field(label, { type: 'boolean' }, label.default ?? false, false);
}

/**
 * One of some words, each with its label; the first one unless `default` says otherwise.
 *
 * @example
 * choice({ fr: 'Unité', en: 'Unit' }, { day: { fr: 'Jour', en: 'Day' }, hour: { fr: 'Heure', en: 'Hour' } });
 */
export function choice<W extends string>(
  label: Label & { default?: NoInfer<W> },
  words: Record<W, { fr: string; en: string }>,
): Field<W> {
  const known = Object.keys(words) as W[];
  const oneOf = known.map((word) => ({ const: word, ...labels(words[word]) }));
  const first = label.default ?? known[0];
  if (first === undefined) throw new TypeError(`“${label.en}” offers nothing to choose from`);
  return field(label, { oneOf }, first, undefined);
}

/** A list of fields of one kind. Default: empty. */
export function list<T>(label: Label & { minItems?: number; maxItems?: number }, items: Field<T>): Field<T[]> {
  const { minItems, maxItems } = label;
  const { read } = items;
  const made = field<T[]>(label, { type: 'array', items: items.schema, minItems, maxItems }, [], []);
  return { ...made, read: (value) => (Array.isArray(value) ? value.map((item) => read(item)) : []) };
}

/**
 * Several fields, shown in this order; no others are taken. Settings are one of these, and so are the forms of a
 * workflow.
 *
 * @example
 * const settings = object({
 *   webhook: string({ fr: 'Adresse du webhook', en: 'Address of the webhook' }),
 *   threshold: money({ fr: 'Montant', en: 'Amount', default: 1_000_000 }),
 * });
 * type Settings = Infer<typeof settings>; // { webhook: string; threshold: number }
 */
export function object<F extends Record<string, Field<any>>>(
  fields: F,
  label?: Label,
): Field<{ [K in keyof F]: Infer<F[K]> }> {
  type Value = { [K in keyof F]: Infer<F[K]> };
  const order = Object.keys(fields);
  const properties = Object.fromEntries(order.map((name) => [name, without(fields[name]!.schema, 'x-required')]));
  const needed = order.filter((name) => fields[name]!.schema['x-required'] === true);
  const read = (value: unknown): Value => {
    const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    return Object.fromEntries(order.map((name) => [name, fields[name]!.read(given[name])])) as Value;
  };
  const shape = {
    type: 'object',
    properties,
    ...(needed.length > 0 && { required: needed }),
    'x-order': order,
    additionalProperties: false,
  };
  return { schema: { ...(label && described(label)), ...shape }, absent: read({}), read };
}

/** A schema as text, for the contract. */
export function json(field: Field<unknown>): string {
  return JSON.stringify({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...without(field.schema, 'x-required'),
  });
}

/** `empty` is the default that need not be declared: the value of an untouched field. */
function field<T>(label: Label, shape: Record<string, unknown>, absent: T, empty: unknown): Field<T> {
  const told = JSON.stringify(absent) !== JSON.stringify(empty) && !label.required ? { default: absent } : {};
  const schema = defined({ ...described(label), ...shape, ...told, 'x-required': label.required });
  return { schema, absent, read: (value) => (value === undefined || value === null ? absent : (value as T)) };
}

function described(label: Label): Record<string, unknown> {
  const help = label.help && { description: label.help.fr, 'x-description-en': label.help.en };
  return defined({ ...labels(label), ...help, 'x-widget': label.widget });
}

function labels({ fr, en }: { fr: string; en: string }): Record<string, unknown> {
  return { title: fr, 'x-title-en': en };
}

function defined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function without(record: Record<string, unknown>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
