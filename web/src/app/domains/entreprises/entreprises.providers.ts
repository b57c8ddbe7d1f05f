/** What the companies bring to other pages. */
import { Provider } from '@angular/core';
import { providePick } from '../../shared/schema-form/sources';

export const entreprisesProviders: Provider[] = [
  providePick('contacts', () => import('./data/contact-rows').then((m) => m.ContactRows)),
];
