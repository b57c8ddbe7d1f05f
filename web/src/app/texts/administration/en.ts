/** English texts of billing, the catalogue and the pages of the administration, in one file of the build. */
import { en as connecteurs } from '../../domains/connecteurs/i18n/en';
import { en as entites } from '../../domains/entites/i18n/en';
import { en as facturation } from '../../domains/facturation/i18n/en';
import { en as jobs } from '../../domains/jobs/i18n/en';
import { en as journal } from '../../domains/journal/i18n/en';
import { en as plugins } from '../../domains/plugins/i18n/en';
import { en as produits } from '../../domains/produits/i18n/en';
import { en as salles } from '../../domains/salles/i18n/en';
import { en as users } from '../../domains/users/i18n/en';

export const en = {
  ...connecteurs,
  ...entites,
  ...facturation,
  ...jobs,
  ...journal,
  ...plugins,
  ...produits,
  ...salles,
  ...users,
};
