/** The first steps of a new person: which ones a role has, and which are done. Pure. */
import { IconName } from '../../../shared/ui/icons';

export type StepId = 'secure' | 'open' | 'task' | 'figures' | 'sessions' | 'invoices' | 'people' | 'plugins' | 'entity';

export interface Step {
  id: StepId;
  icon: IconName;
  path: string;
  /** The right without which the step makes no sense. */
  permission?: string;
}

const ALL: readonly Step[] = [
  { id: 'entity', icon: 'pin', path: '/entites', permission: 'entites:write' },
  { id: 'people', icon: 'users', path: '/utilisateurs', permission: 'users:write' },
  { id: 'plugins', icon: 'plug', path: '/plugins', permission: 'plugins:install' },
  { id: 'secure', icon: 'shield', path: '/compte' },
  { id: 'open', icon: 'briefcase', path: '/opportunites/nouvelle', permission: 'opportunites:create' },
  { id: 'invoices', icon: 'receipt', path: '/facturation', permission: 'creances:write' },
  { id: 'sessions', icon: 'calendar', path: '/sessions' },
  { id: 'task', icon: 'checklist', path: '/' },
  { id: 'figures', icon: 'target', path: '/pilotage' },
];
/** More are no first steps any more. */
const MOST = 4;

/** The steps of somebody with these rights, the most important ones first. */
export function stepsFor(can: (permission: string) => boolean): Step[] {
  return ALL.filter(({ permission }) => !permission || can(permission)).slice(0, MOST);
}

/** How the record of steps that were taken is kept: `secure,task`. Unknown words are left out. */
export function readSteps(kept: string | null): Set<StepId> {
  const known = new Set<string>(ALL.map(({ id }) => id));
  return new Set((kept ?? '').split(',').filter((word): word is StepId => known.has(word)));
}
