/** What the domain adds to pages: the follow-up of an opportunité, a company and a session. */
import { Provider } from '@angular/core';
import { Entreprise } from '../../api/models/entreprise';
import { SessionRecord } from '../../api/models/session-record';
import { providePanel } from '../../shared/panels/panels';
import { RecordSubject } from '../opportunites/public/record-subject';

export const suiviProviders: Provider[] = [
  providePanel<RecordSubject>({
    id: 'suivi',
    page: 'opportunite',
    place: 'side',
    order: 15,
    title: 'suivi.title',
    load: () => import('./feature/panels/follow-panels').then((m) => m.OfOpportunite),
  }),
  providePanel<Entreprise>({
    id: 'suivi',
    page: 'entreprise',
    place: 'side',
    order: 5,
    title: 'suivi.title',
    load: () => import('./feature/panels/follow-panels').then((m) => m.OfEntreprise),
  }),
  providePanel<SessionRecord>({
    id: 'suivi',
    page: 'session',
    place: 'side',
    order: 15,
    title: 'suivi.title',
    load: () => import('./feature/panels/follow-panels').then((m) => m.OfSession),
  }),
];
