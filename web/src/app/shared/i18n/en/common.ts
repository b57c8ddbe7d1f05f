import { Words } from '../words';
import type { common as french } from '../fr/common';

export const common: Words<typeof french> = {
  common: {
    export: 'Export', exporting: 'Exporting…', exported: 'File saved', exportHint: 'The whole list with its filters, for a spreadsheet or another program', exportAs: { xlsx: 'Excel (XLSX)', csv: 'CSV' },
    actions: 'Actions', cancel: 'Cancel', clearFilters: 'Clear filters', close: 'Close', columns: 'Columns', edit: 'Edit', filters: 'Filters',
    loading: 'Loading…', more: 'Show more', results: '{{n}} result{{n||s}}', retry: 'Try again', save: 'Save', saved: 'Changes saved',
    saving: 'Saving…', shownOf: '{{n}} of {{total}} shown', undo: 'Undo', undone: 'Changes undone', active: 'Active', inactive: 'Inactive',
  },
  nav: {
    home: 'Home', entreprises: 'Companies', opportunites: 'Opportunities', pilotage: 'Performance', notifications: 'Notifications', users: 'Users',
    formateurs: 'Trainers', salles: 'Rooms', connecteurs: 'Connectors', plugins: 'Plugins', jobs: 'Jobs',
  },
  role: {
    admin: 'Administrator', responsable_commercial: 'Head of sales', manager: 'Manager', commercial: 'Sales rep', assistante: 'Assistant',
    planificateur: 'Planner', facturation: 'Invoicing',
  },
  successor: { choose: 'Who takes over?', others: 'and {{n}} other{{n||s}}' },
  shell: {
    account: 'My account', administration: 'Administration', allSites: 'All sites', theme: 'Theme', themes: { system: 'As the system', light: 'Light', dark: 'Dark' }, logout: 'Sign out',
    mainNav: 'Main navigation', menu: 'Menu', preferences: 'Notification preferences', search: 'Search', searchHint: 'Search a company, a SIRET, a number…',
    site: 'Site', skip: 'Skip to content',
  },
  bell: {
    all: 'All notifications', label: 'Notifications: {{n}} unread', none: 'Nothing new.', paused: 'Live updates are interrupted, reconnecting…', readAll: 'Mark all as read',
  },
  palette: {
    action: 'Action', commands: 'pages and actions', failed: 'Search does not answer. Try again.', here: 'On this page', move: 'choose', none: 'No result.',
    numbers: 'numbers', open: 'open', page: 'Page', placeholder: 'Name, SIRET, phone, number, page…', results: 'Results',
  },
  shortcuts: {
    title: 'Keyboard shortcuts', search: 'Search', palette: 'Command palette', create: 'New opportunity', save: 'Save', undo: 'Undo what was just done', steps: 'Go to a step',
    escape: 'Close, cancel', help: 'This help',
  },
  login: {
    title: 'Sign in', welcome: 'Welcome', subtitle: 'Sign in to AFPI CRM.', email: 'E-mail address', password: 'Password', show: 'Show password',
    hide: 'Hide password', submit: 'Sign in', busy: 'Signing in…', ended: 'Your session has ended. Sign in again to go on.', demo: 'Demo',
    demoHint: 'Step in with one of the roles:', claim: 'From the first visit to the paid invoice, everyone knows when it is their turn.', step1: 'Information gathering',
    step2: 'Quote', step3: 'Funding', step4: 'Scheduling', step5: 'Paperwork', step6: 'Invoicing',
  },
  password: {
    title: 'Change password', current: 'Current password', new: 'New password', again: 'New password, once more', hint: 'At least {{n}} characters.',
    done: 'Password changed. Your other sessions are closed.',
  },
  form: {
    addRow: 'Add a row', choicesFailed: 'The choices could not be loaded.', notOffered: 'present choice, no longer offered here', computedOnSave: 'computed on saving', date: 'A date like dd/mm/yyyy', datePlaceholder: 'dd/mm/yyyy',
    different: 'The two entries differ', email: 'Invalid e-mail address', fillHalfDays: 'Add these half-days', from: 'From', matDatepickerParse: 'A date like dd/mm/yyyy', max: 'At most {{max}}', maxlength: 'At most {{requiredLength}} character{{requiredLength||s}}',
    min: 'At least {{min}}', minlength: 'At least {{requiredLength}} characters', money: 'Invalid amount, for example 1,234.56', number: 'Invalid number, for example 1,234.5', integer: 'A whole number', decimals: 'At most {{most}} decimal{{most||s}}',
    mark: 'The point marks decimals, the comma thousands: 1,234.56', rowFinal: 'This row is final and never changes', noRow: 'No row.', noChoice: 'Nothing to choose', onePerLine: 'One value per line',
    openCalendar: 'Open the calendar', pattern: 'Invalid format', taken: '{{who}}: already taken on {{day}}, {{half}}', takenBy: '{{who}}: already taken on {{day}}, {{half}} ({{by}})', takenHere: '{{who}}: already in row {{n}}', skill: 'Skill', anySkill: 'All', pickContact: 'Choose a contact', pick: 'Choose one of the list', required: 'This field is required', rowDown: 'Move row {{n}} down', rowMoved: 'Row moved to position {{n}}', rowRemove: 'Remove row {{n}}',
    rowRemoved: 'Row {{n}} removed', rowUp: 'Move row {{n}} up', rowsAdded: '{{n}} half-day{{n||s}} added', 'siret.checksum': 'This SIRET is wrong: its check digit does not match',
    'siret.length': 'A SIRET has 14 digits', 'siren.checksum': 'This SIREN is wrong', everyDay: 'Week-ends and holidays included', to: 'To', total: 'Total', wholeDays: 'Whole days',
  },
  calendar: {
    label: 'Calendar', holiday: 'holiday', nextMonth: 'Next month', prevMonth: 'Previous month', nextYear: 'Next year', prevYear: 'Previous year', chooseDay: 'Choose a day', chooseMonth: 'Choose month and year',
  },
  unsaved: { dialog: 'If you close this window, what you typed will be lost.', close: 'Close without saving', back: 'Back to typing', title: 'Unsaved changes', body: 'If you leave this page, your changes will be lost.', leave: 'Leave without saving' },
  problem: {
    loadTitle: 'Could not load', missingTitle: 'Not found', offline: 'The server does not answer. Check your connection.', reference: 'reference {{id}}',
    vetoed: 'Refused by a rule of your site: {{detail}}', unexpected: 'Something unexpected went wrong.', unreadable: 'The server answered in an unexpected way.', unavailable: 'The service is unavailable for the moment.',
  },
  stale: {
    taken: 'Changed in the meantime and taken over here: {{fields}}.', kept: 'Changed by both of you: {{fields}}. What you typed will replace the other.',
    again: 'Somebody else saved in the meantime. What you typed is kept: check, then confirm again.',
    move: 'Somebody else changed this file in the meantime. Nothing was done: check, then try again.', news: 'Changed: {{fields}}.',
    undo: 'Somebody else saved in the meantime: nothing was undone.',
  },
  notFound: { title: 'Page not found', text: 'This address leads nowhere.', home: 'Back to home' },
  forbidden: { title: 'Restricted', text: 'Your role has no access to this page.' },
  half: { am: 'morning', pm: 'afternoon' },
};
