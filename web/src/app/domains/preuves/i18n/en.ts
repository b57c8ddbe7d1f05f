/** English texts of dossiers de preuve. */

export const en = {
  preuves: {
    title: 'Evidence',
    ready: '{{percent}}% ready',
    there: 'There',
    lacks: 'Missing',
    partial: '{{done}} of {{total}}',
    none: 'Not needed',
    missing: '{{n}} missing',
    indicators: 'Indicator{{n||s}} {{numbers}}',
    funder: 'the OPCO asks for it',
    due: 'by {{day}}',
    wasDue: 'due since {{day}}',
    reason: 'Without a file: {{reason}}',
    add: 'Add evidence',
    addTo: 'Add evidence: {{item}}',
    archive: 'Download the dossier (ZIP)',
    writing: 'Preparing…',
    several: 'Download {{n}} dossier{{n||s}} (ZIP)',
    written: '{{done}} of {{total}}',
  },
};
