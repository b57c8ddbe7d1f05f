/** French texts of dossiers de preuve. */

export const fr = {
  preuves: {
    title: 'Dossier de preuve',
    ready: 'Prêt à {{percent}} %',
    there: 'Présent',
    lacks: 'Manque',
    partial: '{{done}} sur {{total}}',
    none: 'Sans objet',
    missing: '{{n}} manquante{{n||s}}',
    indicators: 'Indicateur{{n||s}} {{numbers}}',
    funder: 'demandé par l’OPCO',
    due: 'pour le {{day}}',
    wasDue: 'attendu depuis le {{day}}',
    reason: 'Sans fichier : {{reason}}',
    add: 'Déposer une preuve',
    addTo: 'Déposer une preuve : {{item}}',
    archive: 'Télécharger le dossier (ZIP)',
    writing: 'Préparation…',
    several: 'Télécharger {{n}} dossier{{n||s}} (ZIP)',
    written: '{{done}} sur {{total}}',
  },
};
