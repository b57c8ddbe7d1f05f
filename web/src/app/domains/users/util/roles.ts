/** The seven roles, from the widest scope to the narrowest. */
import { Role } from '../../../api/models/role';

export const ROLES: readonly Role[] = [
  'admin',
  'responsable_commercial',
  'manager',
  'commercial',
  'assistante',
  'planificateur',
  'facturation',
];

/** Roles whose scope is every site; the others need at least one. */
export const EVERYWHERE: readonly Role[] = ['admin', 'responsable_commercial'];
