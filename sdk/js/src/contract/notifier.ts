// Made from wit/ by `afpi plugin types`; do not edit.
import type { Id, Instant, Json, Text, Error, Actor, Opportunite } from './types.js';

export interface Kind {
  id: string;
  label: Text;
  /** Channels switched on until a person says otherwise: `app`, `email`. */
  channels: string[];
}

/** Something that happened and is committed. */
export interface Event {
  /**
   * `opportunite.created`, `opportunite.assigned`, `opportunite.moved`, `attachment.added`, `attachment.replaced`,
   * `attachment.renamed`, `attachment.removed`, `document.made`, `note.written`, `note.changed`, `note.deleted`, `tache.given`,
   * `tache.changed`, `tache.done`, `tache.due`, `tache.deleted`, `connecteur.run`, `plugin.state`; ignore names you do not know.
   */
  name: string;
  at: Instant;
  site: Id;
  actor: Actor | null;
  subject: Opportunite | null;
  /**
   * For `opportunite.moved`: `{transition, source, target, sourceLabel, targetLabel, sectionLabel, reason,
   * waitsFor: [role…], sectionChanged}` with labels as `{fr, en}`.
   * For `attachment.*`: `{kind, id, attachment, name, section?, piece?, mediaType, sha256}`; `kind` and `id` are those of
   * the record that has the file.
   * For `document.made`: `{document, kind, title, sha256}`.
   * For `note.*`: `{note, kind, id, opens, label, author, text, mentions}`: the beginning of the text, the ids of the people
   * whom it newly mentions, and the record that it is about, with the one whose page shows it.
   * For `tache.*`: `{task, title, owner, createdBy, dueOn?, kind?, id?, opens?, label?}` with the ids of people.
   * For `connecteur.run`: `{id, plugin, name?, state, error?, heldReason?}` of the run, texts as `{fr, en}`.
   * For `plugin.state`: `{plugin, name?, state: active|disabled|quarantined, siteCode?, error?}`.
   */
  data: Json;
}

export type Audience =
  | { tag: 'user'; val: Id }
  /** Everybody with this role who sees the event's site. */
  | { tag: 'role'; val: string }
  /** The opportunité's commercial. */
  | { tag: 'owner' }
  | { tag: 'other'; val: string };

export interface Message {
  kind: string;
  to: Audience[];
  title: Text;
  body: Text;
  /** Path in the web app, e.g. `/opportunites/<id>`. */
  link: string;
  /** Messages with one key reach a person once. */
  dedupeKey: string;
}

/**
 * Turns events into messages for people. The host finds the people, respects their preferences and delivers in-app
 * and by e-mail; a notifier with the `http-client` grant may deliver elsewhere itself.
 */
export interface NotifierExports {
  kinds(): Kind[];
  /**
   * The actor himself is never told of what he did; the host takes him out.
   * @throws an error of the contract
   */
  notify(event: Event): Message[];
}
