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
 * Whether a pointer such as `/capabilities/http/hosts` speaks of a capability such as `http` or `http-client`;
 * `/capabilities/records-query/contact` of `records-query:contact`, `/schedules/matin` of `schedule:matin`, and any
 * other section of the sentence with its name.
 */
function about(pointer: string, id: string): boolean {
  const [, part, name, kind] = pointer.split('/');
  if (part === 'schedules') return id === `schedule:${name}`;
  if (part !== 'capabilities') return id === part;
  if (name === 'records-query') return id === `records-query:${kind}`;
  return !!name && (id === name || id.startsWith(`${name}-`));
}

export function demandsOf(version: PluginVersion): Demands {
  const { changes } = version;
  // Limits have their own place in the dialog, with what they were before.
  const capabilities = version.capabilities.filter(({ id }) => id !== 'limits');
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
