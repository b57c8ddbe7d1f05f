/** English texts of the page of one's mails. */

export const en = {
  mails: {
    title: 'Mails to file',
    text: 'These mails that you shared bear the address of no record that you see. Choose their record, or discard them. They disappear after 60 days.',
    none: 'No mail to file',
    noneText: 'Mails that are recognised by an address or by the number of a file go to the follow-up by themselves.',
    file: 'File',
    fileOne: 'File “{{subject}}”',
    discard: 'Discard',
    discardTitle: 'Discard this mail?',
    discardBody: 'It is deleted here. The original stays in your mailbox.',
    discarded: 'Mail discarded',
    filed: 'Mail filed',
    find: 'Search the record',
    findHint: 'Name of a company or a contact, or number of a file.',
    nothing: 'No record fits.',
  },
};
