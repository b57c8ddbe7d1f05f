/**
 * A checklist of a form (`x-checklist`): which fields hold the ticks, the pieces with a file, and the follow-up of each
 * piece. Pure.
 */
import { DocumentEdit, asList, asObject, ticked } from './edits';
import { FieldSpec, Json, JsonObject, JsonSchema, Option, isFilled } from './schema';

/** The names of the fields. */
export interface ChecklistSpec {
  ticked: string;
  filed: string;
  rows: string;
  piece: string;
  reason: string;
  from: string;
  until: string;
}

/** What a document says about one piece. */
export interface Listed {
  option: Option;
  piece: string;
  ticked: boolean;
  filed: boolean;
  reason: string;
  from: string;
  until: string | null;
}

export type ListedState = 'file' | 'ticked' | 'late' | 'awaited' | 'missing';

/** The declaration of a form; `null` when it has none that can be drawn. */
export function checklistOf(schema: JsonSchema): ChecklistSpec | null {
  const declared = asObject(schema['x-checklist'] as Json | undefined);
  const spec = { ticked: declared['ticked'], filed: declared['filed'], ...asObject(declared['follow']) };
  const names = ['ticked', 'filed', 'rows', 'piece', 'reason', 'from', 'until'];
  return names.every((name) => typeof (spec as JsonObject)[name] === 'string')
    ? (spec as unknown as ChecklistSpec)
    : null;
}

/** All pieces of the ticks' field with what the document says about each. */
export function listed(spec: ChecklistSpec, field: FieldSpec, document: JsonObject): Listed[] {
  const [ticks, filed] = [asList(document[spec.ticked]), asList(document[spec.filed])];
  return field.options.map((option) => {
    const row = rowsOf(spec, document).find((one) => one[spec.piece] === option.value) ?? {};
    const text = (key: string): string => (typeof row[key] === 'string' ? row[key] : '');
    return {
      option,
      piece: String(option.value),
      ticked: ticks.includes(option.value),
      filed: filed.includes(option.value),
      reason: text(spec.reason),
      from: text(spec.from),
      until: text(spec.until) || null,
    };
  });
}

export function stateOf(one: Listed, today: string): ListedState {
  if (one.filed) return 'file';
  if (one.ticked) return 'ticked';
  if (one.until !== null && one.until < today) return 'late';
  return one.from || one.until ? 'awaited' : 'missing';
}

/** Ticks a piece by hand, or takes the tick away. */
export function tick(spec: ChecklistSpec, piece: string, on: boolean): DocumentEdit {
  return (now) => ({ ...now, [spec.ticked]: ticked(piece, on)(now[spec.ticked]) });
}

/** Says something about a piece. A row that says nothing any more goes. */
export function follow(spec: ChecklistSpec, piece: string, key: string, value: string | null): DocumentEdit {
  return (now) => {
    const rows = rowsOf(spec, now);
    const next = { ...(rows.find((row) => row[spec.piece] === piece) ?? { [spec.piece]: piece }), [key]: value };
    const says = Object.entries(next).some(([name, said]) => name !== spec.piece && isFilled(said));
    const kept = rows.some((row) => row[spec.piece] === piece)
      ? rows.map((row) => (row[spec.piece] === piece ? next : row))
      : [...rows, next];
    return { ...now, [spec.rows]: kept.filter((row) => row !== next || says) };
  };
}

function rowsOf(spec: ChecklistSpec, document: JsonObject): JsonObject[] {
  return asList(document[spec.rows]).map((row) => asObject(row));
}
