/** What the domain adds to pages: the trainees of an opportunité. */
import { Provider } from '@angular/core';
import { providePanel } from '../../shared/panels/panels';
import { DELIVERED_SOURCE } from '../../shared/schema-form/sources';
import { RecordSubject } from '../opportunites/public/record-subject';

export const stagiairesProviders: Provider[] = [
  { provide: DELIVERED_SOURCE, useValue: () => import('./data/delivered').then((m) => m.Delivered) },
  providePanel<RecordSubject>({
    id: 'stagiaires',
    page: 'opportunite',
    place: 'main',
    order: 20,
    title: 'stagiaires.title',
    load: () => import('./feature/panels/of-opportunite').then((m) => m.OfOpportunite),
  }),
];
