/** What a version asks for, compared with what the active one may do. */
import { PluginCapability } from '../../../api/models/plugin-capability';
import { PluginVersion } from '../../../api/models/plugin-version';

export interface Demand {
  capability: PluginCapability;
  /** `added`: the active version does not have it; `more`: it has it with narrower limits. */
  mark: 'added' | 'more' | null;
}

export interface Demands {
  all: Demand[];
  gone: PluginCapability[];
  /** Growth that belongs to none of the sentences, as pointers: shown rather than hidden. */
  other: string[];
}

/**
 * Does a pointer such as `/capabilities/http/hosts` belong to a capability such as `http` or `http-client`;
 * `/schedules/matin` to `schedule:matin`?
 */
function about(pointer: string, id: string): boolean {
  const [, part, name] = pointer.split('/');
  if (part === 'schedules') return id === `schedule:${name}`;
  return part === 'capabilities' && !!name && (id === name || id.startsWith(`${name}-`));
}

export function demandsOf(version: PluginVersion): Demands {
  const { changes, capabilities } = version;
  // In a first version everything is new: marks on every line would say nothing.
  if (!changes?.from)
    return { all: capabilities.map((capability) => ({ capability, mark: null })), gone: [], other: [] };
  const added = new Set(changes.capabilitiesAdded.map(({ id }) => id));
  const all = capabilities.map((capability): Demand => {
    const grown = changes.more.some((pointer) => about(pointer, capability.id));
    return { capability, mark: added.has(capability.id) ? 'added' : grown ? 'more' : null };
  });
  const other = changes.more.filter(
    (pointer) => !pointer.startsWith('/limits/') && !all.some(({ capability }) => about(pointer, capability.id)),
  );
  return { all, gone: changes.capabilitiesRemoved, other };
}
