/** Texts for field paths and values of section documents, from the workflow's own forms. */
import { Opportunite } from '../../../api/models/opportunite';
import { Format } from '../../../shared/i18n/pipes';
import { MOST_DECIMALS } from '../../../shared/i18n/reading';
import { FieldSpec, Json, JsonObject, fieldsOf, plain } from '../../../shared/schema-form/schema';
import { WorkflowView } from './workflow-view';

/** The fields on the path of a JSON Pointer `/<section>/<field>/<row>/<column>`; empty when the workflow has none. */
function trail(pointer: string, workflow: WorkflowView): FieldSpec[] {
  const [section, ...rest] = pointer.split('/').slice(pointer.startsWith('/') ? 1 : 0);
  const form = workflow.section(section ?? '')?.form;
  let fields = form ? fieldsOf(form) : [];
  const found: FieldSpec[] = [];
  for (const step of rest) {
    if (/^\d+$/.test(step)) continue;
    const field = fields.find(({ key }) => key === step);
    if (!field) break;
    found.push(field);
    fields = field.children;
  }
  return found;
}

/** Does the form show the field of this pointer? A pointer outside the sections is shown. */
export function isShown(pointer: string, workflow: WorkflowView): boolean {
  const [section, field] = pointer.split('/').slice(pointer.startsWith('/') ? 1 : 0);
  return field === undefined || !workflow.section(section ?? '') || trail(pointer, workflow).length > 0;
}

/** `Devis › Lignes 2 › Prix unitaire`. */
export function describePath(pointer: string, workflow: WorkflowView | undefined, format: Format): string {
  if (!workflow) return pointer;
  const parts = pointer.split('/').filter(Boolean);
  const section = workflow.section(parts[0] ?? '');
  if (!section) return pointer.replace(/^\//, '');
  const fields = trail(pointer, workflow);
  const row = parts.slice(1).find((part) => /^\d+$/.test(part));
  const words = fields.map(
    (field, index) => format.text(field.label) + (index === 0 && row !== undefined ? ` ${Number(row) + 1}` : ''),
  );
  return [format.text(section.label), ...words].join(' › ');
}

/** A value for people: money as euros, dates in French, choices by their label, lists by their length. */
export function describeValue(
  value: unknown,
  pointer: string,
  workflow: WorkflowView | undefined,
  format: Format,
): string {
  if (value === null || value === undefined || value === '') return '';
  const field = workflow ? trail(pointer, workflow).at(-1) : undefined;
  if (typeof value === 'boolean') return value ? '✓' : '✗';
  if (Array.isArray(value)) return (value as Json[]).map((item) => describeItem(item, field, format)).join('\n');
  if (typeof value === 'object') return describeItem(value as Json, field, format);
  if (field?.widget === 'money' && typeof value === 'number') return format.money(value);
  if (field?.widget === 'date' && typeof value === 'string') return format.day(value);
  if (typeof value === 'number' && !field?.options.length) return format.count(value, MOST_DECIMALS);
  const option = field?.options.find((choice) => choice.value === value);
  return option ? format.text(option.label) : plain(value);
}

function describeItem(item: Json, field: FieldSpec | undefined, format: Format): string {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) {
    const option = field?.options.find((choice) => choice.value === item);
    return option ? format.text(option.label) : plain(item);
  }
  const known = new Map(field?.children.map((child) => [child.key, child]) ?? []);
  return (
    Object.entries(item)
      // Fields that the form hides are not shown here either, nor unticked boxes.
      .filter(
        ([key, value]) =>
          value !== null &&
          value !== '' &&
          value !== false &&
          typeof value !== 'object' &&
          (known.size === 0 || known.has(key)),
      )
      .map(([key, value]) => {
        const child = known.get(key);
        if (child?.widget === 'money' && typeof value === 'number') return format.money(value);
        if (child?.widget === 'date' && typeof value === 'string') return format.day(value);
        const option = child?.options.find((choice) => choice.value === value);
        if (typeof value === 'number' && !option) return format.count(value, MOST_DECIMALS);
        return option
          ? format.text(option.label)
          : typeof value === 'boolean'
            ? child
              ? `${format.text(child.label)} ✓`
              : plain(value)
            : plain(value);
      })
      .join(' · ')
  );
}

/** A short description of the differences between two states of a record: its new status, the changed sections. */
export function describeNews(
  seen: Opportunite,
  now: Opportunite,
  workflow: WorkflowView | undefined,
  format: Format,
): string[] {
  const status = seen.status === now.status ? [] : [format.text(now.statusLabel) || now.status];
  const sections = (workflow?.definition.sections ?? []).filter(
    ({ id }) => JSON.stringify(documentOf(seen, id)) !== JSON.stringify(documentOf(now, id)),
  );
  return [...status, ...sections.map(({ label }) => format.text(label))];
}

/** A section's document from the server; empty when nothing was entered yet. */
export function documentOf(record: Opportunite | undefined, section: string): JsonObject {
  return (record?.data as Record<string, JsonObject | undefined> | undefined)?.[section] ?? {};
}
