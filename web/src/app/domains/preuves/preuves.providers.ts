/** What the domain adds to pages: the dossier de preuve of an opportunité and of a session. */
import { Provider } from '@angular/core';
import { SessionRecord } from '../../api/models/session-record';
import { providePanel } from '../../shared/panels/panels';
import { RecordSubject } from '../opportunites/public/record-subject';

export const preuvesProviders: Provider[] = [
  providePanel<RecordSubject>({
    id: 'preuves',
    page: 'opportunite',
    place: 'side',
    order: 27,
    title: 'preuves.title',
    load: () => import('./feature/panels/evidence-panels').then((m) => m.OfOpportunite),
  }),
  providePanel<SessionRecord>({
    id: 'preuves',
    page: 'session',
    place: 'side',
    order: 10,
    title: 'preuves.title',
    load: () => import('./feature/panels/evidence-panels').then((m) => m.OfSession),
  }),
];
