/** How findings are shown: their severity, and the page of each record they are about. */
import { AnomalieSeverity } from '../../../api/models/anomalie-severity';
import { AnomalieSubject } from '../../../api/models/anomalie-subject';
import { IconName } from '../../../shared/ui/icons';

/** The gravest first. */
export const SEVERITIES: readonly AnomalieSeverity[] = ['fault', 'warning', 'notice'];

const ICONS: Record<AnomalieSeverity, IconName> = { fault: 'circle-alert', warning: 'warning', notice: 'info' };

const PAGES: Record<string, string> = {
  opportunite: '/opportunites',
  session: '/sessions',
  formateur: '/formateurs',
};

export function icon(severity: AnomalieSeverity): IconName {
  return ICONS[severity];
}

/** The page of a record, if it has one. */
export function page({ kind, id }: AnomalieSubject): string[] | null {
  const list = PAGES[kind];
  return list ? [list, id] : null;
}
