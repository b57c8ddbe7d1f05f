/** Sizes and natures of companies, as the API names them. */
import { EntrepriseKind } from '../../../api/models/entreprise-kind';

export const KINDS: readonly EntrepriseKind[] = [
  'tpe',
  'pme',
  'eti',
  'grande-entreprise',
  'association',
  'organisme-public',
];
