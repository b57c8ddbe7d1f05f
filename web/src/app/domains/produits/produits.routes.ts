/** The page of the catalogue. */
import { Routes } from '@angular/router';

export default [
  { path: '', title: 'nav.produits', loadComponent: () => import('./feature/produit-list').then((m) => m.ProduitList) },
] satisfies Routes;
