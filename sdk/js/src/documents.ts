//! Reads values that the contract carries as JSON text.

import type { Entreprise, Opportunite } from './contract/types.js';
import type { Field } from './schema.js';

/** The document of one section, read with its form. Absent values are filled in, also when the whole document is
 * absent. */
export function document<T>(subject: Opportunite, section: string, form: Field<T>): T {
  return form.read(parse(subject.data)[section]);
}

/** All documents of an opportunité with one of them replaced: the `data` of a decision. */
export function withDocument(subject: Opportunite, section: string, document: unknown): string {
  return JSON.stringify({ ...parse(subject.data), [section]: document });
}

/**
 * The further fields of an entreprise, by their name in the CRM's API. All of them may be absent.
 *
 * @example
 * const { headcount } = fields<{ headcount: number }>(entreprise);
 */
export function fields<T>(entreprise: Entreprise): Partial<T> {
  return parse(entreprise.data) as Partial<T>;
}

/**
 * An event's data beyond its subject: the proposed or completed change. Its shape depends on the event: see
 * `wit/plugin/hook.wit` and `wit/plugin/notifier.wit`.
 */
export function change<T>(event: { data: string }): Partial<T> {
  return parse(event.data) as Partial<T>;
}

/**
 * Stored documents in which a field of a section has another name. Whatever stood under that name, since an earlier
 * change of versions, gives way: the version that wrote last is right, also where it has left the field empty.
 */
export function renamed<S extends { data: string }>(stored: S, section: string, from: string, to: string): S {
  const documents = parse(stored.data);
  if (documents[section] === undefined) return stored;
  const { [from]: value, [to]: _, ...rest } = documents[section] as Record<string, unknown>;
  const document = value === undefined ? rest : { ...rest, [to]: value };
  return { ...stored, data: JSON.stringify({ ...documents, [section]: document }) };
}

function parse(text: string): Record<string, unknown> {
  return text.trim() === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
