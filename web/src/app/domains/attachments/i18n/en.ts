/** English texts of files. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  attachments: {
    title: 'Attachments',
    add: 'Add files',
    drop: 'Drop files here, or paste a picture.',
    dropNow: 'Drop here',
    none: 'No files',
    noneText: 'PDFs, pictures and office documents attached here stay with the file.',
    actions: 'Actions for {{name}}',
    preview: 'Preview',
    download: 'Download',
    downloadAll: 'Download all (ZIP)',
    rename: 'Rename or classify',
    replace: 'Replace with a new version',
    remove: 'Delete',
    removeTitle: 'Delete “{{name}}”?',
    removeBody: 'All its versions go. The history keeps its name.',
    removed: 'File deleted',
    name: 'File name',
    section: 'Section',
    noSection: 'None',
    versions: '{{n}} versions',
    versionsOf: 'Versions of {{name}}',
    version: 'Version {{n}}',
    present: 'present',
    by: '{{size}} · {{who}}, {{when}}',
    sending: 'Sending {{name}}',
    pasted: 'pasted picture {{at}}.png',
    dismiss: 'Take {{name}} off the list',
    added: '“{{name}}” added',
    replaced: 'New version saved',
  },
};
