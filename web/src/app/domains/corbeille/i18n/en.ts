/** English texts of the bin. */

export const en = {
  corbeille: {
    lead: 'What was deleted is shown nowhere else, and can be restored until the day shown here.',
    tab: { all: 'All', opportunites: 'Opportunities', entreprises: 'Companies' },
    kind: { opportunites: 'Opportunity', entreprises: 'Company' },
    empty: 'The bin is empty',
    emptyText: 'A file or a company that was deleted by mistake is found here.',
    more: 'The newest {{shown}} of {{total}}.',
    by: 'By {{by}}',
    purge: 'Will be deleted for good on {{day}}',
    select: 'Choose {{label}}',
    restore: 'Restore',
    restoreOf: 'Restore {{label}}',
    restoreMany: 'Restore the selection ({{n}})',
    restored: '“{{label}}” is restored.',
    restoredMany: '{{n}} records restored.',
    restoredSome: '{{n}} restored, {{failed}} not:',
    binned: '“{{label}}” is in the bin.',
    here: '“{{label}}” is in the bin',
    why: 'Reason: {{reason}}',
    dialog: {
      title: 'Move to the bin',
      body: '“{{label}}” will no longer be in lists, search and figures. The bin keeps it before it is deleted for good.',
      reason: 'Why?',
      hint: 'The reason is kept in the journal.',
      apply: 'Move to the bin',
    },
  },
};
