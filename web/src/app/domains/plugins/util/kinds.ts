/** An icon for each kind of plugin, and the kinds that are pure. */
import { Plugin } from '../../../api/models/plugin';
import { IconName } from '../../../shared/ui/icons';

export const KIND_ICONS: Record<Plugin['kind'], IconName> = {
  workflow: 'briefcase',
  objectives: 'target',
  notifier: 'bell',
  connector: 'refresh',
  hook: 'shield',
  app: 'plug',
};

/** Their calls can be recorded and replayed: they have no grant that reaches outside. */
export const PURE_KINDS: ReadonlySet<Plugin['kind']> = new Set(['workflow', 'objectives']);
