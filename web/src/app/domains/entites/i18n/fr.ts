/** French texts of the domain entites. */

export const fr = {
  entites: {
    intro: 'Ce que les documents disent de vos entités légales et de vos sites.',
    introEdit:
      'Ce que les devis, conventions et factures disent des entités légales et des sites. Les documents déjà émis ne changent pas.',
    entities: 'Entités légales',
    sites: 'Sites',
    edit: 'Modifier',
    editOne: 'Modifier : {{name}}',
    open: 'Sans valeur : {{fields}}.',
    next: 'Le changement vaut pour les documents à venir.',
    preview: 'Aperçu des documents',
    logoOf: 'Logo de {{name}}',
    noLogo: 'Aucun logo',
    chooseLogo: 'Choisir un logo',
    removeLogo: 'Retirer le logo',
    logoHint: 'Une image PNG ou JPEG de 1 Mio au plus.',
  },
};
