/** What the domain adds to the page of an opportunité: its documents, and the draft of the one that is being typed. */
import { Provider } from '@angular/core';
import { providePanel } from '../../shared/panels/panels';
import { ISSUED_SOURCE } from '../../shared/schema-form/sources';
import { RecordSubject } from '../opportunites/public/record-subject';

export const documentsProviders: Provider[] = [
  { provide: ISSUED_SOURCE, useValue: () => import('./data/issued').then((m) => m.Issued) },
  providePanel<RecordSubject>({
    id: 'documents',
    page: 'opportunite',
    place: 'side',
    order: 12,
    title: 'documents.title',
    load: () => import('./feature/documents').then((m) => m.Documents),
  }),
];
