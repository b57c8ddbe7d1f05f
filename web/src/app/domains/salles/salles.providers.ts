/** What the domain adds to other pages. */
import { Provider } from '@angular/core';
import { provideLookup } from '../../shared/schema-form/sources';

export const sallesProviders: Provider[] = [
  provideLookup('salle', () => import('./data/salle-lookup').then((m) => m.SalleLookup)),
];
