/** English texts of the domain personnes. */

export const en = {
  personnes: {
    lead: 'All that the network knows of a person: where this person occurs, and the copy to hand out on request.',
    search: 'Name, e-mail or telephone',
    start: 'Whom are you looking for?',
    startText: 'Contacts of companies, trainees, trainers and users of all sites. Two characters are enough.',
    none: 'Nobody of this name',
    noneText: 'No record has this name, e-mail or telephone. Try only one of them.',
    found: '{{n}} record{{n||s}}',
    more: 'The first {{shown}} of {{total}}: narrow the search.',
    same: 'Tick the records of the same person: two namesakes are not one person.',
    all: 'Tick all records',
    select: 'Tick {{name}}, {{kind}}, {{place}}',
    kind: { contact: 'Contact', stagiaire: 'Trainee', formateur: 'Trainer', user: 'User' },
    known: 'Known: {{fields}}',
    born: 'Born on {{day}}',
    export: 'Export the data ({{n}})',
    exporting: 'Preparing…',
    erase: {
      open: 'Erase…',
      title: 'Erase {{name}}',
      goes: 'What is erased',
      stays: 'What stays, and why',
      namesakes: 'Rows of a namesake count too.',
      reason: 'Why?',
      hint: 'The journal keeps this reason: do not write the name of the person in it.',
      apply: 'Erase for good',
      done: 'The data is erased. The journal keeps a trace of the act, without the name.',
    },
    exported: 'Copy of the data saved. The journal keeps a trace of this export.',
  },
};
