/** What needs an administrator, out of the answers of the administration. Pure. */
import { Plugin } from '../../../api/models/plugin';
import { QueueCounts } from '../../../api/models/queue-counts';
import { Run } from '../../../api/models/run';
import { Text } from '../../../api/models/text';
import { User } from '../../../api/models/user';
import { IconName } from '../../../shared/ui/icons';

export interface Finding {
  /** Text key below `home.watch`. */
  kind: 'quarantined' | 'trouble' | 'staged' | 'dead' | 'runFailed' | 'runHeld' | 'noFactor' | 'refused';
  icon: IconName;
  bad: boolean;
  path: string;
  query?: Record<string, string>;
  n?: number;
  name?: Text;
}

export function ofPlugins(plugins: readonly Plugin[]): Finding[] {
  return plugins.flatMap(({ id, name, sites, trouble, staged }) => {
    const found: Finding[] = [];
    const path = `/plugins/${id}`;
    const n = sites.filter(({ state }) => state === 'quarantined').length;
    if (n) found.push({ kind: 'quarantined', icon: 'plug', bad: true, path, n, name });
    if (trouble) found.push({ kind: 'trouble', icon: 'plug', bad: true, path, name });
    if (staged.length) found.push({ kind: 'staged', icon: 'plug', bad: false, path, name });
    return found;
  });
}

export function ofJobs(queues: readonly QueueCounts[]): Finding[] {
  const n = queues.reduce((sum, { dead }) => sum + dead, 0);
  return n ? [{ kind: 'dead', icon: 'tasks', bad: true, path: '/traitements', query: { etat: 'dead' }, n }] : [];
}

/** The last run of a connector, if it failed or waits for a person. */
export function ofRun(plugin: string, name: Text, run: Run | undefined): Finding[] {
  if (run?.state !== 'failed' && run?.state !== 'held') return [];
  const failed = run.state === 'failed';
  const path = `/connecteurs/${plugin}/executions/${run.id}`;
  return [{ kind: failed ? 'runFailed' : 'runHeld', icon: 'refresh', bad: failed, path, name }];
}

/** Administrators whose account only a password protects. */
export function ofPeople(administrators: readonly User[]): Finding[] {
  const n = administrators.filter(({ hasSecondFactor, invited }) => !hasSecondFactor && !invited).length;
  return n ? [{ kind: 'noFactor', icon: 'shield', bad: false, path: '/utilisateurs', n }] : [];
}

/** Refused sign-ins of a day. A few are typing errors. */
const MANY_REFUSALS = 10;

/** Refused sign-ins since this day. */
export function ofRefusals(n: number, since: string): Finding[] {
  if (n < MANY_REFUSALS) return [];
  const query = { acte: 'sign_in_refused', du: since };
  return [{ kind: 'refused', icon: 'lock', bad: true, path: '/journal', query, n }];
}
