/**
 * Somebody else saved first (412): what he changed, what stays of one's own work, and what the next click is sent on
 * top of.
 */
import { isProblem } from '../http/problem';
import { Json, isFilled } from '../schema-form/schema';

/** How a form stands on the record as it is now. Fields by name. */
export interface Rebased<T> {
  /** What I left alone is as the record has it now; what I typed stays. */
  value: T;
  /** Changed by the other, and now in the form. */
  taken: string[];
  /** Changed by both: mine stays, and replaces his when it is sent. */
  kept: string[];
}

/** The record as it is now, out of the refusal of a lost race; `null` for every other failure. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- whose record it is knows who sent it
export function newerIn<T extends { version: number }>(error: unknown): T | null {
  const current = isProblem(error, 'stale') ? error.problem.current : null;
  return current && typeof current === 'object' && 'version' in current ? (current as T) : null;
}

/** `mine` began as `seen`, and the record is `now`. */
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

/** Do two values say the same? Absent, `null` and empty do, and so do members in another order. */
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
