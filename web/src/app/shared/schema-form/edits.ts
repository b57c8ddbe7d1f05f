/**
 * Edits of a document as functions: each one is applied to the present value, so that two edits in one tick both count.
 */
import { Json, JsonObject } from './schema';

/** Returns the next value of one field. */
export type Edit = (now: Json | undefined) => Json;
/** Returns the next document. */
export type DocumentEdit = (now: JsonObject) => JsonObject;

export function asObject(value: Json | undefined): JsonObject {
  return value && typeof value === 'object' && !Array.isArray(value) ? value : {};
}
export function asList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

export function replaceBy(value: Json): Edit {
  return () => value;
}
/** Edits one member of an object. */
export function inMember(key: string, edit: Edit): (now: Json | undefined) => JsonObject {
  return (now) => ({ ...asObject(now), [key]: edit(asObject(now)[key]) });
}
/** Edits one row of a list. A row that is gone stays gone. */
export function inRow(index: number, edit: Edit): Edit {
  return (now) => asList(now).map((row, at) => (at === index ? edit(row) : row));
}
/** Adds a choice to a list, or removes it. */
export function ticked(option: Json, on: boolean): Edit {
  return (now) => {
    const rest = asList(now).filter((item) => item !== option);
    return on ? [...rest, option] : rest;
  };
}
export function rowRemoved(index: number): Edit {
  return (now) => asList(now).filter((_, at) => at !== index);
}
export function rowMoved(index: number, by: -1 | 1): Edit {
  return (now) => moved(asList(now), index, by);
}
export function moved<T>(list: T[], index: number, by: -1 | 1): T[] {
  const next = [...list];
  const [item] = next.splice(index, 1);
  if (item === undefined) return list;
  next.splice(index + by, 0, item);
  return next;
}
