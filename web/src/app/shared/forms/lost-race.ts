/**
 * Somebody else saved first (412): what they changed, which of the user's edits stay, and the base of the next save.
 */
import { isProblem } from '../http/problem';
import { Json, isFilled } from '../schema-form/schema';

/** The state of a form compared with the present record. Fields by name. */
export interface Rebased<T> {
  /** Untouched fields get the record's present values. Typed ones stay. */
  value: T;
  /** Changed by the other user, and now in the form. */
  taken: string[];
  /** Changed by both: mine stays, and will replace the other value when sent. */
  kept: string[];
}

/** The present record from the refusal of a lost race; `null` for every other failure. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- whose record it is knows who sent it
export function newerIn<T extends { version: number }>(error: unknown): T | null {
  const current = isProblem(error, 'stale') ? error.problem.current : null;
  return current && typeof current === 'object' && 'version' in current ? (current as T) : null;
}

/** `mine` started as `seen`, and the record is now `now`. */
export function rebased<T extends object>(mine: T, seen: T, now: T): Rebased<T> {
  const [own, old, other] = [mine, seen, now] as [Fields, Fields, Fields];
  const changed = [...new Set([mine, seen, now].flatMap(Object.keys))].filter(
    (name) => !same(old[name], other[name]) && !same(own[name], other[name]),
  );
  const taken = changed.filter((name) => same(own[name], old[name]));
  return {
    value: { ...mine, ...Object.fromEntries(taken.map((name) => [name, other[name] ?? null])) },
    taken,
    kept: changed.filter((name) => !taken.includes(name)),
  };
}

type Fields = Record<string, unknown>;

/** Are two values equal? Absent, `null` and empty are, and objects with members in another order. */
export function same(a: unknown, b: unknown): boolean {
  return text(a) === text(b);
}

function text(value: unknown): string {
  return JSON.stringify(isFilled(value as Json) ? value : null, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, part]) => isFilled(part as Json))
            .sort(([a], [b]) => a.localeCompare(b)),
        )
      : inner,
  );
}
