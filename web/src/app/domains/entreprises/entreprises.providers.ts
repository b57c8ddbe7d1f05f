/** What the domain adds to pages: form rows, and its own panels. */
import { Provider } from '@angular/core';
import { Entreprise } from '../../api/models/entreprise';
import { providePanel } from '../../shared/panels/panels';
import { providePick, provideSuggest } from '../../shared/schema-form/sources';

export const entreprisesProviders: Provider[] = [
  provideSuggest('entreprises', () => import('./data/entreprise-suggestions').then((m) => m.EntrepriseSuggestions)),
  providePick('contacts', () => import('./data/contact-rows').then((m) => m.ContactRows)),
  providePanel<Entreprise>({
    id: 'contacts',
    page: 'entreprise',
    place: 'main',
    order: 20,
    title: 'entreprises.contacts',
    load: () => import('./feature/panels/entreprise-panels').then((m) => m.Contacts),
  }),
  providePanel<Entreprise>({
    id: 'sessions',
    page: 'entreprise',
    place: 'main',
    order: 30,
    title: 'nav.sessions',
    load: () => import('./feature/panels/entreprise-panels').then((m) => m.Sessions),
  }),
  providePanel<Entreprise>({
    id: 'invoices',
    page: 'entreprise',
    place: 'main',
    order: 40,
    title: 'company.invoices',
    permission: 'creances:read',
    load: () => import('./feature/panels/entreprise-panels').then((m) => m.Invoices),
  }),
  providePanel<Entreprise>({
    id: 'identity',
    page: 'entreprise',
    place: 'side',
    order: 10,
    title: 'entreprises.identity',
    load: () => import('./feature/panels/entreprise-panels').then((m) => m.Identity),
  }),
  providePanel<Entreprise>({
    id: 'notes',
    page: 'entreprise',
    place: 'side',
    order: 20,
    title: 'entreprises.field.notes',
    shown: ({ notes }) => !!notes,
    load: () => import('./feature/panels/entreprise-panels').then((m) => m.Notes),
  }),
  providePanel<Entreprise>({
    id: 'origin',
    page: 'entreprise',
    place: 'side',
    order: 30,
    title: 'entreprises.origin',
    load: () => import('./feature/panels/entreprise-panels').then((m) => m.Origin),
  }),
];
