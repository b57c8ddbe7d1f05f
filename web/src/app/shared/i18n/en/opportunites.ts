import { Words } from '../words';
import type { opportunites as french } from '../fr/opportunites';

export const opportunites: Words<typeof french> = {
  home: {
    unowned: 'Without a sales rep', unownedText: 'Their sales rep has left or can no longer own them: open them and give them to somebody.',
    hello: 'Hello {{name}}', subtitle: 'Here is what waits for your turn in the relay.', waiting: 'waiting for you', late: 'late', mine: 'files followed', inbox: 'Your turn',
    sentBack: 'Sent back by {{name}}:', recent: 'Latest moves', noRecent: 'No move yet', allWaiting: 'See {{n}} waiting file{{n||s}}', emptyTitle: 'Nothing waits for you',
    emptyText: 'No file waits for your role at the moment. You will be told as soon as one reaches you.',
  },
  opportunites: {
    one: 'Opportunity', create: 'New opportunity', createSubmit: 'Create the opportunity', created: 'Opportunity {{numero}} created', list: 'List', board: 'Board', views: 'View',
    late: 'late', lateOnly: 'Late', waitsForMe: 'My turn', search: 'Search an opportunity', section: 'Step', allSections: 'All steps', status: 'Status', allStatuses: 'All statuses',
    outcome: 'Outcome', allOutcomes: 'All outcomes', kind: 'Type', allKinds: 'All types', commercial: 'Sales rep', allCommerciaux: 'All sales reps',
    none: 'No opportunity yet', noneText: 'The opportunities you may see will appear here.', noneFiltered: 'No opportunity matches',
    noneFilteredText: 'The present filters let nothing through.',
    column: {
      status: 'Status', waitsOn: 'Waits for', amount: 'Amount excl. VAT', commercial: 'Sales rep', localisation: 'Site', age: 'In this step', kind: 'Type', createdAt: 'Created on', updatedAt: 'Changed',
    },
    field: {
      entreprise: 'Company', title: 'Title', titleHint: 'For example “TIG welding, 12 operators”.', budget: 'Estimated budget excl. VAT', kind: 'Type of training',
      localisation: 'Site', localisationHint: 'The company’s own when nothing is chosen.', localisationAuto: 'Automatic', commercial: 'Sales rep', commercialMe: 'Me',
    },
  },
  kind: { 'inter-entreprise': 'Inter-company', 'intra-entreprise': 'In-company', individuelle: 'Individual', alternance: 'Apprenticeship' },
  outcome: { open: 'Open', suspended: 'Suspended', won: 'Won', done: 'Done', lost: 'Lost', other: 'Other' },
  picker: { placeholder: 'Name, SIRET or city…', none: 'No company found', create: 'Create the company “{{name}}”', createSubmit: 'Create the company', take: 'Choose “{{name}}”' },
  moves: { done: '{{numero}}: {{status}}', sure: 'Do you confirm this action?' },
  conflict: {
    title: 'Changed meanwhile', text: 'Somebody else saved this file while you were typing. Nothing is lost: choose.', field: 'Field', mine: 'Your entry', theirs: 'Present version',
    elsewhere: 'The other person’s changes do not touch your entry.', back: 'Back to my entry', takeTheirs: 'Take the present version', keepMine: 'Save my entry',
  },
  record: {
    editEnded: 'Closed opportunité: only its sales rep can still change.',
    steps: 'Steps of the file', unsaved: 'Unsaved changes', readOnly: 'Read only', discard: 'Discard', otherActions: 'Other actions', missing: '{{n}} point{{n||s}} to complete',
    missingTitle: 'Before going on:', edit: 'Edit the opportunity', exclVat: 'excl. VAT', waitsFor: 'Waits for:', followedBy: 'Followed by:', facts: 'In short', created: 'Created on', workflow: 'Workflow', bookings: 'Bookings',
    history: 'History', moveDrops: 'This step has unsaved changes.', moveAnyway: 'Go on without saving', needed: 'Needed before going on', saveAndMove: 'Save and go on', saveThen: 'Save, then “{{move}}”',
    decide: 'Yours to decide', askedBy: 'Asked by {{name}}, {{at}}', sentBack: 'Sent back by {{name}}, {{at}}:',
  },
  history: { created: 'created the file', moved: 'did', edited: 'edited', assigned: 'changed the assignment', refused: 'wanted to change the file', refusedMove: 'wanted to do', refusedBy: 'Refused by the plugin {{plugin}}: {{reason}}', refusedFailed: 'Refused for want of an answer of the plugin {{plugin}}: {{reason}}', refusedByRule: 'Refused by a rule of your site: {{reason}}', refusedFailedRule: 'Refused for want of an answer of a rule of your site: {{reason}}', asked: 'Plugins asked, in this order: {{hooks}}', answer: { allowed: 'agreed', refused: 'refused', silent: 'no answer' }, changes: '{{n}} field{{n||s}} changed', all: 'Show all ({{n}})' },
  board: {
    groupBy: 'Columns by', sections: 'Steps', statuses: 'Statuses', outside: 'Outside steps', late: '{{n}} late', weighted: 'Amount weighted by probability', move: 'Move “{{title}}” to…',
    moveTitle: 'Move to…', noMove: 'Nothing can be done with this file by you.', open: 'Open the file',
  },
};
