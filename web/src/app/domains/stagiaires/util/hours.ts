/** Hours of training, done and planned. */
import { TranslocoService } from '@jsverse/transloco';
import { Format } from '../../../shared/i18n/pipes';

/** « 10,5 / 14 h »; a dash without a plan. */
export function hoursOf(
  { minutesDone, minutesPlanned }: { minutesDone: number; minutesPlanned: number },
  format: Format,
  transloco: TranslocoService,
): string {
  if (!minutesPlanned) return '—';
  const hours = (minutes: number): string => format.count(Math.round((minutes / 60) * 100) / 100, 2);
  return transloco.translate('stagiaires.hoursOf', { done: hours(minutesDone), planned: hours(minutesPlanned) });
}
