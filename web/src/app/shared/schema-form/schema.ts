/**
 * Reads a JSON Schema (draft 2020-12, the dialect plugins write: `x-title-en`, `x-widget`, `x-order`) into the plain
 * description that the form components draw. Pure; knows no particular form.
 */
import { Text } from '../../api/models/text';
import { MOST_DECIMALS } from '../i18n/reading';
import { Formula, formulaOf } from './computed';
import { Totals, totalsOf } from './totals';
import { CoverageSpec, coverageSpecOf } from './coverage-spec';
import { LedgerSpec, ledgerSpecOf } from './ledger-spec';
import { RowSource, rowSourceOf } from './row-source';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;
export type JsonSchema = Record<string, unknown>;

export type Widget =
  | 'text'
  | 'textarea'
  | 'email'
  | 'money'
  | 'number'
  | 'integer'
  | 'date'
  | 'switch'
  | 'select'
  | 'checklist'
  | 'flags'
  | 'tags'
  | 'rows'
  | 'grid'
  | 'coverage'
  | 'ledger'
  | 'halfdays'
  | 'group'
  | 'row';

export interface Option {
  value: string | number;
  label: Text;
}

export interface FieldSpec {
  key: string;
  label: Text;
  hint: Text | null;
  widget: Widget;
  required: boolean;
  readonly: boolean;
  options: Option[];
  /** Fields of an object, or of the objects in a list. */
  children: FieldSpec[];
  min: number | null;
  max: number | null;
  maxLength: number | null;
  /** Value of a field that was never touched; also fills new rows. */
  initial: Json | undefined;
  /** A list shows the sum of this column. */
  summed: boolean;
  /** The most decimals of a number. */
  decimals: number;
  /** Needed before the document is complete (`x-needed`). It can be saved without it. */
  needed: boolean;
  /** Computed by the browser during typing (`x-computed`). */
  formula: Formula | null;
  /**
   * Any other `x-widget`: the name under which a domain may offer records. Without such a domain, `widget` is drawn.
   */
  lookup: string | null;
  /** The name of the records that can become rows (`x-pick-from`). */
  pickFrom: string | null;
  /** The value that a field takes from a picked record (`x-pick`). */
  pick: string | null;
  /** What stands for a picked value here (`x-pick-as`): `{"hour": "heure"}`. */
  pickAs: Readonly<Record<string, Json>> | null;
  /** The name of the records that are suggested while somebody types (`x-suggest`). */
  suggest: string | null;
  /** The footer of a grid (`x-totals`). */
  totals: Totals | null;
  /** Who pays how much (`x-coverage`). */
  coverage: CoverageSpec | null;
  /** The table of a ledger (`x-ledger`). */
  ledger: LedgerSpec | null;
  /** The field of a row that, once filled, locks the row for good (`x-locked-by`). */
  lockedBy: string | null;
  /** The text of a list without rows (`x-empty`). */
  empty: Text | null;
  /** The source of the rows of a `row` (`x-rows`). */
  rows: RowSource | null;
}

const KNOWN = new Set<Widget>([
  'text',
  'textarea',
  'email',
  'money',
  'number',
  'integer',
  'date',
  'switch',
  'select',
  'checklist',
  'rows',
  'grid',
  'coverage',
  'ledger',
  'halfdays',
  'row',
]);

/** The fields of an object schema, in the order its author chose (`x-order`, else as written). */
export function fieldsOf(schema: JsonSchema, root: JsonSchema = schema): FieldSpec[] {
  const object = resolve(schema, root);
  const properties = record(object['properties']);
  const required = strings(object['required']);
  const order = strings(object['x-order']);
  const keys = Object.keys(properties).sort((a, b) => rank(order, a) - rank(order, b));
  return keys
    .filter((key) => record(properties[key])['x-widget'] !== 'hidden')
    .map((key) => fieldOf(key, record(properties[key]), required.includes(key), root));
}

function rank(order: string[], key: string): number {
  const found = order.indexOf(key);
  return found < 0 ? order.length : found;
}

function fieldOf(key: string, raw: JsonSchema, required: boolean, root: JsonSchema): FieldSpec {
  const schema = resolve(raw, root);
  const items = resolve(record(schema['items']), root);
  const widget = widgetOf(schema, items);
  const constant = widget === 'checklist' ? items : schema;
  return {
    key,
    label: { fr: word(schema['title']) ?? key, en: word(schema['x-title-en']) ?? word(schema['title']) ?? key },
    hint: bothOf(schema, 'description', 'x-description-en'),
    widget,
    required,
    readonly: schema['readOnly'] === true,
    options: optionsOf(constant),
    children:
      widget === 'group' || widget === 'flags' ? fieldsOf(schema, root) : isList(widget) ? fieldsOf(items, root) : [],
    min: number(schema['minimum']) ?? number(schema['exclusiveMinimum']),
    max: number(schema['maximum']),
    maxLength: number(schema['maxLength']),
    initial: schema['default'] as Json | undefined,
    decimals: decimalsOf(widget, schema),
    needed: schema['x-needed'] === true,
    formula: formulaOf(schema['x-computed']),
    lookup: lookupOf(schema),
    pickFrom: word(schema['x-pick-from']),
    pick: word(schema['x-pick']),
    pickAs: isObject(schema['x-pick-as']) ? (schema['x-pick-as'] as Record<string, Json>) : null,
    suggest: word(schema['x-suggest']),
    totals: totalsOf(schema['x-totals']),
    coverage: coverageSpecOf(schema['x-coverage']),
    ledger: ledgerSpecOf(schema['x-ledger']),
    lockedBy: word(schema['x-locked-by']),
    empty: bothOf(schema, 'x-empty', 'x-empty-en'),
    rows: rowSourceOf(schema),
    summed: schema['x-sum'] === true || (widget === 'money' && schema['readOnly'] === true),
  };
}

/** `multipleOf` 0.01 is two decimals. */
function decimalsOf(widget: Widget, schema: JsonSchema): number {
  if (widget === 'integer') return 0;
  const step = number(schema['multipleOf']);
  return step && step > 0 ? Math.max(0, Math.round(-Math.log10(step))) : MOST_DECIMALS;
}

/** Takes the whole width of a form: long texts, lists, and rows from other documents, which have long descriptions. */
export function isWide({ widget }: FieldSpec): boolean {
  return [
    'textarea',
    'rows',
    'grid',
    'coverage',
    'ledger',
    'halfdays',
    'group',
    'flags',
    'checklist',
    'tags',
    'row',
  ].includes(widget);
}

/** A list of objects, however it is drawn. */
export function isList(widget: Widget): boolean {
  return ['rows', 'grid', 'coverage', 'ledger', 'halfdays'].includes(widget);
}

function bothOf(schema: JsonSchema, french: string, english: string): Text | null {
  const fr = word(schema[french]);
  return fr === null ? null : { fr, en: word(schema[english]) ?? fr };
}

function widgetOf(schema: JsonSchema, items: JsonSchema): Widget {
  const type = typeOf(schema);
  const asked = schema['x-widget'] as Widget | undefined;
  if (type === 'array') {
    if (optionsOf(items).length) return 'checklist';
    if (typeOf(items) === 'object') return asked && isList(asked) ? asked : 'rows';
    return 'tags';
  }
  if (type === 'object') {
    const children = Object.values(record(schema['properties'])).map((child) => typeOf(record(child)));
    return children.length > 0 && children.every((child) => child === 'boolean') ? 'flags' : 'group';
  }
  if (type === 'boolean') return 'switch';
  if (asked && KNOWN.has(asked) && asked !== 'checklist' && !isList(asked)) return asked;
  if (optionsOf(schema).length) return 'select';
  if (type === 'integer' || type === 'number') return type;
  if (schema['format'] === 'date') return 'date';
  if (schema['format'] === 'email') return 'email';
  if (word(schema['x-suggest'])) return 'text';
  return (number(schema['maxLength']) ?? 0) > 400 ? 'textarea' : 'text';
}

function lookupOf(schema: JsonSchema): string | null {
  const asked = word(schema['x-widget']);
  return asked !== null && typeOf(schema) === 'string' && !KNOWN.has(asked as Widget) ? asked : null;
}

function optionsOf(schema: JsonSchema): Option[] {
  if (Array.isArray(schema['oneOf'])) {
    return schema['oneOf']
      .map(record)
      .filter((choice) => 'const' in choice)
      .map((choice) => {
        const value = choice['const'] as string | number;
        const fr = word(choice['title']) ?? String(value);
        return { value, label: { fr, en: word(choice['x-title-en']) ?? fr } };
      });
  }
  if (!Array.isArray(schema['enum'])) return [];
  return schema['enum']
    .filter((value): value is string | number => typeof value === 'string' || typeof value === 'number')
    .map((value) => ({ value, label: { fr: String(value), en: String(value) } }));
}

/** Follows `$ref` in the document, and unwraps "this or null". */
function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let current = schema;
  for (let depth = 0; depth < 16; depth++) {
    const reference = word(current['$ref']);
    if (reference?.startsWith('#/')) {
      const { $ref: _, ...own } = current;
      const target = reference
        .slice(2)
        .split('/')
        .reduce((at, key) => record(at[key]), root);
      current = { ...target, ...own };
      continue;
    }
    const choices = (Array.isArray(current['anyOf']) ? current['anyOf'] : [])
      .map(record)
      .filter((choice) => choice['type'] !== 'null');
    if (choices.length !== 1) return current;
    const { anyOf: _, ...own } = current;
    current = { ...choices[0], ...own };
  }
  return current;
}

function typeOf(schema: JsonSchema): string {
  const type = schema['type'];
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return String(type.find((name) => name !== 'null') ?? 'string');
  if (schema['properties']) return 'object';
  return schema['items'] ? 'array' : 'string';
}

/** A value as text. Objects and lists are shown as JSON, not as `[object Object]`. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is JsonSchema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
function record(value: unknown): JsonSchema {
  return isObject(value) ? value : {};
}
function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
function word(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** A document with the defaults of the fields it lacks. */
export function withDefaults(fields: FieldSpec[], value: JsonObject): JsonObject {
  const filled: JsonObject = { ...value };
  for (const field of fields) {
    if (filled[field.key] === undefined && field.initial !== undefined) filled[field.key] = field.initial;
  }
  return filled;
}

/**
 * A document without sums that only the plugin can compute: after an edit they are stale, and come back with the next
 * save.
 */
export function withoutComputed(fields: FieldSpec[], value: JsonObject): JsonObject {
  const stale = new Set(
    fields.filter(({ readonly, widget, formula }) => readonly && widget === 'money' && !formula).map(({ key }) => key),
  );
  return Object.fromEntries(Object.entries(value).filter(([key]) => !stale.has(key)));
}

/** The entered values, at every depth: documents that differ only in stale sums are equal. */
export function entered(fields: FieldSpec[], value: JsonObject): JsonObject {
  const own = withoutComputed(fields, value);
  for (const { key, children } of fields) {
    const within = (part: Json): Json =>
      part && typeof part === 'object' && !Array.isArray(part) ? entered(children, part) : part;
    const part = own[key];
    if (children.length && part) own[key] = Array.isArray(part) ? part.map(within) : within(part);
  }
  return own;
}

/** It has a value: no blank text, no empty list. */
export function isFilled(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** The content of a save: no empty texts, no nulls, no empty groups, since absent and `null` mean the same. */
export function pruned(value: Json): Json | undefined {
  if (value === null || value === '') return undefined;
  if (Array.isArray(value)) return value.map((item) => pruned(item)).filter((item): item is Json => item !== undefined);
  if (typeof value === 'object') {
    const entries = Object.entries(value)
      .map(([key, item]) => [key, pruned(item)] as const)
      .filter((entry): entry is readonly [string, Json] => entry[1] !== undefined);
    return Object.fromEntries(entries);
  }
  return value;
}

/** The fields to ask first (`x-ask-first`), as a form of its own without required fields; `null` without any. */
export function askedFirst(schema: JsonSchema): JsonSchema | null {
  const asked = Object.entries(record(schema['properties'])).filter(
    ([, field]) => record(field)['x-ask-first'] === true,
  );
  return asked.length
    ? {
        ...schema,
        required: [],
        properties: Object.fromEntries(asked.map(([key, field]) => [key, { ...record(field), 'x-needed': false }])),
      }
    : null;
}

/** What a document holds of these fields. */
export function only(fields: FieldSpec[], value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => fields.some((field) => field.key === key)));
}

/** Required fields that are empty, as pointers. Checks what the browser can check; the server checks the rest. */
export function missing(fields: FieldSpec[], value: JsonObject, base = ''): string[] {
  return fields.flatMap((field) => {
    const pointer = `${base}/${field.key}`;
    const own = value[field.key];
    if (field.required && !isFilled(own) && field.widget !== 'switch') return [pointer];
    if (field.widget === 'group' && own && typeof own === 'object' && !Array.isArray(own))
      return missing(field.children, own, pointer);
    if (isList(field.widget) && Array.isArray(own)) {
      return own.flatMap((row, index) => missing(field.children, (row ?? {}) as JsonObject, `${pointer}/${index}`));
    }
    return [];
  });
}

/** A row that is final: neither changed nor moved nor removed. */
export function isLocked({ lockedBy }: FieldSpec, row: Json | undefined): boolean {
  return lockedBy !== null && row !== null && typeof row === 'object' && !Array.isArray(row) && isFilled(row[lockedBy]);
}

/** The value at a JSON Pointer. */
export function valueAt(value: Json | undefined, pointer: string): Json | undefined {
  return pointer
    .split('/')
    .slice(1)
    .reduce<Json | undefined>((at, key) => {
      if (at === null || typeof at !== 'object') return undefined;
      return Array.isArray(at) ? at[Number(key)] : at[key];
    }, value);
}

/**
 * Where a form can show a pointer's message: at the field, otherwise at the row or list around it; `''` when the form
 * has neither. Fields that only the plugin fills in are skipped while they are empty.
 */
export function shownAt(pointer: string, fields: FieldSpec[], value: JsonObject): string {
  let [at, within, here]: [string, FieldSpec[], Json | undefined] = ['', fields, value];
  for (const step of pointer.split('/').slice(1)) {
    if (Array.isArray(here)) {
      here = here[Number(step)];
      if (here === undefined) return at;
    } else {
      const field: FieldSpec | undefined = within.find(({ key }) => key === step);
      const member: Json | undefined = here && typeof here === 'object' ? here[step] : undefined;
      if (!field || (field.readonly && !isFilled(member))) return at;
      [within, here] = [field.children, member];
    }
    at += `/${step}`;
  }
  return at;
}

/** The id of the element that edits a pointer, so that a message can link to its field. */
export function fieldId(pointer: string): string {
  return `f${pointer.replace(/[^\w-]/g, '-')}`;
}
