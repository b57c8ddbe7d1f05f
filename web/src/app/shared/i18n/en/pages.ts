import { Words } from '../words';
import type { pages as french } from '../fr/pages';

export const pages: Words<typeof french> = {
  entreprises: {
    one: 'Company', create: 'New company', created: '{{name}} created', edit: 'Edit the company', search: 'Name, SIRET, city, phone…', kind: 'Type', allKinds: 'All types',
    activity: 'Activity', activeFilter: { true: 'Active', false: 'Inactive', all: 'Active and inactive' }, none: 'No company yet', noneText: 'Create the first one, or start a synchronisation.',
    noneFiltered: 'No company matches', noneFilteredText: 'Check the spelling or remove a filter. If it does not exist yet, create it.', openOpportunites: 'Open',
    updatedAt: 'Changed', createdAt: 'Created', identity: 'Identity', coordinates: 'Address and contact', contacts: 'Contacts', contactN: 'Contact {{n}}', addContact: 'Add a contact', removeContact: 'Remove',
    mainContact: 'Main contact', noContact: 'No contact', noDeal: 'No opportunity yet', noDealText: 'Nothing has been offered to this company yet.', origin: 'Origin', syncedAt: 'synchronised on {{at}}',
    openExisting: 'Open “{{name}}”', known: 'This company is known already.',
    field: {
      name: 'Company name', siret: 'SIRET', siretHint: '14 digits, checked as you type.', vatNumber: 'VAT number', kind: 'Type', headcount: 'Headcount', nafCode: 'NAF code', idcc: 'IDCC', opco: 'OPCO',
      localisation: 'Site', address: 'Address', line1: 'Address', line2: 'Address, second line', postcode: 'Postcode', city: 'City', country: 'Country', siren: 'SIREN', nafNomenclature: 'NAF nomenclature', localisationCode: 'Site', entreprise: 'Company', phone: 'Phone', email: 'E-mail', website: 'Website', tags: 'Tags',
      tagsHint: 'Separated by commas.', notes: 'Notes', active: 'Active company', firstName: 'First name', lastName: 'Last name', function: 'Job title',
    },
  },
  entrepriseKind: { tpe: 'Very small', pme: 'Small or medium', eti: 'Mid-size', 'grande-entreprise': 'Large company', association: 'Association', 'organisme-public': 'Public body' },
  notifications: {
    tab: { toutes: 'All', 'non-lues': 'Unread', preferences: 'Preferences' }, kind: 'Tell me when…', app: 'In the application', email: 'By e-mail', unread: 'unread', none: 'No notification',
    allRead: 'All read', noneText: 'You will be told here when a file waits for you.', noKind: 'Nothing to set', noKindText: 'Nothing on your site tells people yet. Ask your administrator.',
  },
  pilotage: {
    period: 'Period', kind: { month: 'Month', quarter: 'Quarter', year: 'Year' }, before: 'Period before', after: 'Period after', metrics: 'Metrics', metric: 'Metric',
    noMetric: 'No metric', noMetricText: 'No metric is worked out here.', versus: 'vs the period before', trend: '{{metric}}, month by month', funnel: 'The relay today',
    new: 'New', noFunnel: 'No open file.', bySite: 'By site', byUser: 'By sales rep', bySection: 'By step', display: 'Display', chart: 'Chart', table: 'Table', month: 'Month',
    summary: '{{metric}} per month. Best month: {{month}}, {{best}}. Last month: {{lastMonth}}, {{last}}.', noValue: 'No value in this period.', objectives: 'Objectives', newObjective: 'New objective',
    editObjective: 'Edit the objective {{name}}', deleteObjective: 'Delete the objective {{name}}', editTitle: 'Edit the objective', deleted: 'Objective deleted', pace: 'At the present pace: {{value}}',
    noObjective: 'No objective in this period', noObjectiveText: 'The objectives set for what you see will appear here.', owner: 'For', sites: 'Sites', people: 'People',
    failed: 'No answer from {{names}}: its figures are missing here.', partial: '{{n}} of {{of}} sites', leftOut: '“{{metric}}” does not count every site',
    reason: { 'not-measured': 'Not measured by an active plugin: {{sites}}.', 'other-settings': 'Worked out with other settings, so there is no total: {{sites}}.', failed: 'The plugin gave no answer: {{sites}}.' },
    target: { money: 'Target (€ excl. VAT)', count: 'Target', percent: 'Target (%)', hours: 'Target (hours)' },
  },
};
