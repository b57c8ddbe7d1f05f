/** French texts of billing, the catalogue and the pages of the administration, in one file of the build. */
import { fr as connecteurs } from '../../domains/connecteurs/i18n/fr';
import { fr as entites } from '../../domains/entites/i18n/fr';
import { fr as facturation } from '../../domains/facturation/i18n/fr';
import { fr as jobs } from '../../domains/jobs/i18n/fr';
import { fr as journal } from '../../domains/journal/i18n/fr';
import { fr as plugins } from '../../domains/plugins/i18n/fr';
import { fr as produits } from '../../domains/produits/i18n/fr';
import { fr as salles } from '../../domains/salles/i18n/fr';
import { fr as users } from '../../domains/users/i18n/fr';

export const fr = {
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
