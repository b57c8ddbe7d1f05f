/** What the domain adds to pages: the open findings about an opportunité and a session. */
import { Provider } from '@angular/core';
import { SessionRecord } from '../../api/models/session-record';
import { providePanel } from '../../shared/panels/panels';
import { RecordSubject } from '../opportunites/public/record-subject';

export const anomaliesProviders: Provider[] = [
  providePanel<RecordSubject>({
    id: 'anomalies',
    page: 'opportunite',
    place: 'side',
    order: 12,
    title: 'nav.anomalies',
    permission: 'anomalies:read',
    load: () => import('./feature/panels/finding-panels').then((m) => m.OfOpportunite),
  }),
  providePanel<SessionRecord>({
    id: 'anomalies',
    page: 'session',
    place: 'side',
    order: 12,
    title: 'nav.anomalies',
    permission: 'anomalies:read',
    load: () => import('./feature/panels/finding-panels').then((m) => m.OfSession),
  }),
];
