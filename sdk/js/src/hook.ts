//! Hooks: asked about changes before they are made, told about them afterwards.

import type { Event, HookExports, Phase, Subject, Subscription, Verdict } from './contract/hook.js';
import type { Entreprise, Opportunite } from './contract/types.js';
import { type Common, type Plugin, type Settings, nothing, plugin, told } from './define.js';
import { answer, text } from './errors.js';
import type { Infer } from './schema.js';

export type { Event, Phase, Subject, Subscription, Verdict };

/** What a hook does. */
export interface Hook<S extends Settings> extends Common<S> {
  /** The events that it wants to be asked or told about; see {@link before} and {@link after}. */
  subscriptions(settings: Infer<S>): Subscription[];
  /**
   * May this change be made? Nothing may be set in motion here: a change may still not come to be.
   *
   * @throws anything to follow the manifest's `on-failure`: `closed` refuses the change, `open` lets it pass
   */
  before?(settings: Infer<S>, event: Event): Verdict;
  /**
   * The change was made. May be told twice.
   *
   * @throws `rateLimited(ms)` to be told again after that wait, anything else to be told again with growing waits
   */
  after?(settings: Infer<S>, event: Event): void;
}

/** The change may be made. */
export const allow: Verdict = { tag: 'allow' };

/** Refuses the change, with a reason in both languages. */
export function veto(fr: string, en: string): Verdict {
  return { tag: 'veto', val: text(fr, en) };
}

/** Asks it before this event. Lower orders are asked first. */
export function before(event: string, order = 0): Subscription {
  return { event, phase: 'before', order };
}

/** Tells it about this event afterwards. */
export function after(event: string, order = 0): Subscription {
  return { event, phase: 'after', order };
}

/** The event's opportunité, if it has one. */
export function opportuniteOf(event: Event): Opportunite | null {
  return event.subject.tag === 'opportunite' ? event.subject.val : null;
}

/** The event's entreprise, if it has one. */
export function entrepriseOf(event: Event): Entreprise | null {
  return event.subject.tag === 'entreprise' ? event.subject.val : null;
}

/**
 * Makes a hook.
 *
 * @example export default defineHook({ subscriptions: () => [before('opportunite.created')], before: (_, event) =>
 * ((opportuniteOf(event)?.budget ?? 0) < 10_000 ? veto('Moins de 100 €.', 'Less than €100.') : allow), });
 */
export function defineHook<S extends Settings = typeof nothing>(definition: Hook<S>): Plugin & { hook: HookExports } {
  return plugin(definition, (settings) => ({
    hook: {
      subscriptions: () => told(() => definition.subscriptions(settings())),
      before: (event) => answer(() => definition.before?.(settings(), event) ?? allow),
      after: (event) => answer(() => definition.after?.(settings(), event)),
    },
  }));
}
