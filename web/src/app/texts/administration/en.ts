/** English texts of billing and of the pages of the administration, in one file of the build. */
import { en as connecteurs } from '../../domains/connecteurs/i18n/en';
import { en as entites } from '../../domains/entites/i18n/en';
import { en as facturation } from '../../domains/facturation/i18n/en';
import { en as jobs } from '../../domains/jobs/i18n/en';
import { en as journal } from '../../domains/journal/i18n/en';
import { en as plugins } from '../../domains/plugins/i18n/en';

export const en = { ...connecteurs, ...entites, ...facturation, ...jobs, ...journal, ...plugins };
