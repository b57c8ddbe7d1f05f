/** What the domain adds to pages: its own panels, and one on a company's page. */
import { Provider } from '@angular/core';
import { Entreprise } from '../../api/models/entreprise';
import { providePanel } from '../../shared/panels/panels';
import { RecordSubject, decides } from './public/record-subject';

export const opportunitesProviders: Provider[] = [
  providePanel<RecordSubject>({
    id: 'decision',
    page: 'opportunite',
    place: 'top',
    order: 10,
    title: 'record.decide',
    shown: decides,
    load: () => import('./feature/panels/record-panels').then((m) => m.Decision),
  }),
  providePanel<RecordSubject>({
    id: 'step',
    page: 'opportunite',
    place: 'main',
    order: 10,
    title: null,
    load: () => import('./feature/panels/record-panels').then((m) => m.Step),
  }),
  providePanel<RecordSubject>({
    id: 'facts',
    page: 'opportunite',
    place: 'side',
    order: 10,
    title: 'record.facts',
    load: () => import('./feature/panels/record-panels').then((m) => m.Facts),
  }),
  providePanel<RecordSubject>({
    id: 'bookings',
    page: 'opportunite',
    place: 'side',
    order: 20,
    title: 'record.bookings',
    shown: ({ record }) => record.bookings.length > 0,
    load: () => import('./feature/panels/record-panels').then((m) => m.Bookings),
  }),
  providePanel<Entreprise>({
    id: 'opportunites',
    page: 'entreprise',
    place: 'main',
    order: 10,
    title: 'nav.opportunites',
    load: () => import('./feature/panels/of-entreprise').then((m) => m.OfEntreprise),
  }),
];
