/** French texts of documents. */

export const fr = {
  documents: {
    title: 'Documents',
    none: 'Aucun document',
    noneText: 'Devis, conventions, convocations et factures se font ici dès que le dossier le permet.',
    draft: 'Aperçu : {{name}}',
    page: '{{name}}, page {{n}}',
    large: 'Agrandir',
    small: 'Réduire',
    make: 'Créer',
    makeAll: 'Créer les {{n}}',
    again: 'Créer à nouveau {{language}}',
    making: '{{n}} document{{n||s}} en préparation',
    waiting: 'En préparation…',
    retry: 'Réessayer',
    missing: '{{n}} information{{n||s}} manquante{{n||s}}',
    actions: 'Actions sur {{name}}',
    save: 'Télécharger le PDF {{language}}',
    saveInvoice: 'Télécharger la facture électronique (XML)',
    more: 'Afficher les {{n}}',
    others: '{{n}} autre{{n||s}} document{{n||s}}',
    fewer: 'Replier',
    in: { fr: 'en français', en: 'en anglais' },
  },
};
