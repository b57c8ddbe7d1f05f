/** What the domain adds to pages: the trainees of an opportunité. */
import { Provider } from '@angular/core';
import { providePanel } from '../../shared/panels/panels';
import { RecordSubject } from '../opportunites/public/record-subject';

export const stagiairesProviders: Provider[] = [
  providePanel<RecordSubject>({
    id: 'stagiaires',
    page: 'opportunite',
    place: 'main',
    order: 20,
    title: 'stagiaires.title',
    load: () => import('./feature/panels/of-opportunite').then((m) => m.OfOpportunite),
  }),
];
