/** What the domain adds to pages: the sessions of an opportunité. */
import { Provider } from '@angular/core';
import { providePanel } from '../../shared/panels/panels';
import { RecordSubject } from '../opportunites/public/record-subject';

export const sessionsProviders: Provider[] = [
  providePanel<RecordSubject>({
    id: 'sessions',
    page: 'opportunite',
    place: 'side',
    order: 15,
    title: 'nav.sessions',
    load: () => import('./feature/panels/of-opportunite').then((m) => m.OfOpportunite),
  }),
];
