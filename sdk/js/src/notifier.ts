//! Notifiers: events in, messages out.

import type { Audience, Event, Kind, Message, NotifierExports } from './contract/notifier.js';
import { type Common, type Plugin, type Settings, nothing, plugin, told } from './define.js';
import { answer } from './errors.js';
import type { Infer } from './schema.js';

export type { Audience, Event, Kind, Message };

/** What a notifier does. */
export interface Notifier<S extends Settings> extends Common<S> {
  /** The kinds of message that people can switch on and off. Default: none. */
  kinds?(settings: Infer<S>): Kind[];
  /**
   * Who should hear what about this event. Unknown events get no message.
   *
   * @throws anything to have the host try the event again later, so messages need a stable `dedupeKey`
   */
  notify(settings: Infer<S>, event: Event): Message[];
}

/**
 * Makes a notifier.
 *
 * @example
 * export default defineNotifier({
 *   notify(_, { name, subject }) {
 *     if (name === 'opportunite.created') log.info(`there is a new one: ${subject?.numero}`);
 *     return [];
 *   },
 * });
 */
export function defineNotifier<S extends Settings = typeof nothing>(
  definition: Notifier<S>,
): Plugin & { notifier: NotifierExports } {
  return plugin(definition, (settings) => ({
    notifier: {
      kinds: () => told(() => definition.kinds?.(settings()) ?? []),
      notify: (event) => answer(() => definition.notify(settings(), event)),
    },
  }));
}
