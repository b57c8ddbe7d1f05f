/**
 * What the domain adds to pages: the files of an opportunité, a company, its
 * contacts, a trainer and a session, and those of checklists.
 */
import { Provider } from '@angular/core';
import { Entreprise } from '../../api/models/entreprise';
import { Formateur } from '../../api/models/formateur';
import { SessionRecord } from '../../api/models/session-record';
import { providePanel } from '../../shared/panels/panels';
import { PIECE_FILES } from '../../shared/schema-form/piece-files';
import { RecordSubject } from '../opportunites/public/record-subject';

export const attachmentsProviders: Provider[] = [
  { provide: PIECE_FILES, useValue: () => import('./data/checklist-files').then((m) => m.ChecklistFiles) },
  providePanel<RecordSubject>({
    id: 'attachments',
    page: 'opportunite',
    place: 'side',
    order: 25,
    title: 'attachments.title',
    load: () => import('./feature/panels/attachment-panels').then((m) => m.OfOpportunite),
  }),
  providePanel<Entreprise>({
    id: 'attachments',
    page: 'entreprise',
    place: 'side',
    order: 25,
    title: 'attachments.title',
    load: () => import('./feature/panels/attachment-panels').then((m) => m.OfEntreprise),
  }),
  providePanel<Formateur>({
    id: 'attachments',
    page: 'formateur',
    place: 'side',
    order: 10,
    title: 'attachments.title',
    load: () => import('./feature/panels/attachment-panels').then((m) => m.OfFormateur),
  }),
  providePanel<SessionRecord>({
    id: 'attachments',
    page: 'session',
    place: 'side',
    order: 20,
    title: 'attachments.title',
    load: () => import('./feature/panels/attachment-panels').then((m) => m.OfSession),
  }),
  providePanel<Entreprise>({
    id: 'attachments-of-contacts',
    page: 'entreprise',
    place: 'side',
    order: 26,
    title: 'attachments.ofContacts',
    shown: ({ contacts }) => contacts.length > 0,
    load: () => import('./feature/panels/attachment-panels').then((m) => m.OfContacts),
  }),
];
