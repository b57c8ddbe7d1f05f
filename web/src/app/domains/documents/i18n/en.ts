/** English texts of documents. */

export const en = {
  documents: {
    title: 'Documents',
    none: 'No document',
    noneText: 'Quotes, agreements, invitations and invoices are made here as soon as the file allows it.',
    draft: 'Preview: {{name}}',
    page: '{{name}}, page {{n}}',
    large: 'Enlarge',
    small: 'Shrink',
    make: 'Create',
    makeAll: 'Create all {{n}}',
    again: 'Create again {{language}}',
    making: '{{n}} document{{n||s}} in preparation',
    waiting: 'In preparation…',
    retry: 'Try again',
    missing: '{{n}} missing detail{{n||s}}',
    actions: 'Actions on {{name}}',
    save: 'Download the PDF {{language}}',
    saveInvoice: 'Download the electronic invoice (XML)',
    more: 'Show all {{n}}',
    others: '{{n}} other document{{n||s}}',
    fewer: 'Fold',
    in: { fr: 'in French', en: 'in English' },
  },
};
