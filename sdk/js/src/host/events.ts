//! “Announces events.” Only names declared in the manifest. Hooks and notifiers of the site receive
//! `plugin.<id>.<name>`.

import host from '#host/events';
import type { EventsImports } from '../contract/events.js';
import type { Id } from '../contract/types.js';
import { ask } from '../errors.js';

const side: EventsImports = host;

/**
 * Announces an event, about an opportunité of this site if one is named. `payload` becomes JSON, at most 64 KiB. It is
 * heard once the call has answered without an error, and not at all when the call fails.
 *
 * @throws ContractError `denied` without the grant and while a change is being decided, `not-found` for an opportunité
 * of another site, `rate-limited` and `conflict` when there are too many
 */
export function emit(name: string, payload: unknown = null, opportunite: Id | null = null): void {
  ask(() => side.emit({ name, opportunite, payload: JSON.stringify(payload) }));
}
