// Made from wit/ by `afpi plugin types`; do not edit.
import type { Id, Instant, Json, Text, Error, Actor, Opportunite, Entreprise } from './types.js';

export type Phase = 'before' | 'after' | 'other';

export interface Subscription {
  /** One of the host's events (see `event.name`) or `plugin.<id>.<name>`; one that never happens does no harm. */
  event: string;
  phase: Phase;
  /** Lower ones are asked first among the hooks an administrator has put on one level. */
  order: number;
}

export type Subject =
  | { tag: 'none' }
  | { tag: 'opportunite'; val: Opportunite }
  | { tag: 'entreprise'; val: Entreprise }
  /** A kind of record this version of the contract has no case for: `{"kind": …, …}`. */
  | { tag: 'other'; val: Json };

/** A change that is proposed, or one that was made. */
export interface Event {
  /**
   * `opportunite.created`, `opportunite.moved`, `opportunite.edited`, `opportunite.assigned`, `entreprise.created`,
   * `entreprise.updated`, `attachment.added`, `attachment.replaced`, `attachment.renamed`, `attachment.removed`,
   * `document.made`, `note.*` and `tache.*` as in `notifier.event`, `plugin.<id>.<name>`; only the ones asked for arrive. Of files,
   * documents, notes and tasks, and of events from plugins, there is no `before`.
   * What a connector or an import does to companies has no actor; a veto leaves that company out.
   */
  name: string;
  at: Instant;
  site: Id;
  /** Nobody for what the host did by itself. */
  actor: Actor | null;
  /** Before: the record as it stands, or as it would begin. After: as it is now. */
  subject: Subject;
  /**
   * Before: what is proposed. For `opportunite.moved` `{transition, source, target, reason, section, amount, documents}`,
   * for `opportunite.edited` `{section, amount, documents}`, for `opportunite.assigned` `{commercial}`, for `entreprise.updated` the
   * changed fields by their API name with their new values, for creations `{}`.
   * After: as `notifier.event.data`, for `entreprise.updated` as before; for events of plugins their payload.
   */
  data: Json;
}

export type Verdict =
  | { tag: 'allow' }
  /** The change is not made; the reason is shown to the actor and kept in the record's history with the plugin's name. */
  | { tag: 'veto'; val: Text }
  /** Counts as a failure of the hook. */
  | { tag: 'other'; val: string };

/** Has a say in changes before they are made, and hears of them afterwards. */
export interface HookExports {
  /** What it wants to be asked or told, with the present settings. Asked once per change of settings or version. */
  subscriptions(): Subscription[];
  /**
   * May this change be made? Asked outside any transaction, within 50 ms of the plugin's own time. Nothing may be set in
   * motion on account of a change that may not come to be: `http-client`, `jobs` and `events` answer `denied`. An error, a
   * trap or a timeout follows the manifest's `on-failure`: `closed` refuses the change, `open` lets it pass.
   * @throws an error of the contract
   */
  before(event: Event): Verdict;
  /**
   * The change was made. Told at least once, in a job: `rate-limited` is tried again after that wait, any other error with
   * growing waits.
   * @throws an error of the contract
   */
  after(event: Event): void;
}
