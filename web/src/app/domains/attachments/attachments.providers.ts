/** What the domain adds to pages: the files of an opportunité, a company and a trainer. */
import { Provider } from '@angular/core';
import { Entreprise } from '../../api/models/entreprise';
import { Formateur } from '../../api/models/formateur';
import { providePanel } from '../../shared/panels/panels';
import { RecordSubject } from '../opportunites/public/record-subject';

export const attachmentsProviders: Provider[] = [
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
];
