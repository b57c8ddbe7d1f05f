/** What the domain adds to other pages: products that fill in forms. */
import { Provider } from '@angular/core';
import { provideLookup, provideSuggest } from '../../shared/schema-form/sources';

export const produitsProviders: Provider[] = [
  provideSuggest('produits', () => import('./data/produit-suggestions').then((m) => m.ProduitSuggestions)),
  provideLookup('entite-legale', () => import('./data/entite-lookup').then((m) => m.EntiteLookup)),
];
