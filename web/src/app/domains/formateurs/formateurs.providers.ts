/** What the domain adds to other pages. */
import { Provider } from '@angular/core';
import { provideLookup } from '../../shared/schema-form/sources';

export const formateursProviders: Provider[] = [
  provideLookup('formateur', () => import('./data/formateur-lookup').then((m) => m.FormateurLookup)),
];
