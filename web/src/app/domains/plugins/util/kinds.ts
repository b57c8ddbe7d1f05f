/** A picture for each kind of plugin, and which kinds only compute. */
import { Plugin } from '../../../api/models/plugin';
import { IconName } from '../../../shared/ui/icons';

export const KIND_ICONS: Record<Plugin['kind'], IconName> = {
  workflow: 'briefcase',
  objectives: 'target',
  notifier: 'bell',
  connector: 'refresh',
  hook: 'shield',
};

/** Calls of these can be recorded and made again: they are granted nothing that reaches outside. */
export const PURE_KINDS: ReadonlySet<Plugin['kind']> = new Set(['workflow', 'objectives']);
