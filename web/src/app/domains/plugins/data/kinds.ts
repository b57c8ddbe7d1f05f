/** A picture for each kind of plugin. */
import { Plugin } from '../../../api/models/plugin';
import { IconName } from '../../../shared/ui/icons';

export const KIND_ICONS: Record<Plugin['kind'], IconName> = { workflow: 'briefcase', objectives: 'target', notifier: 'bell', connector: 'refresh', hook: 'shield' };
