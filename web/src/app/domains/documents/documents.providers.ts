/** What the domain adds to the page of an opportunité: its documents, and the draft of the one that is being typed. */
import { Provider } from '@angular/core';
import { providePanel } from '../../shared/panels/panels';
import { RecordSubject } from '../opportunites/public/record-subject';

export const documentsProviders: Provider[] = [
  providePanel<RecordSubject>({
    id: 'documents',
    page: 'opportunite',
    place: 'side',
    order: 22,
    title: 'documents.title',
    load: () => import('./feature/documents').then((m) => m.Documents),
  }),
];
