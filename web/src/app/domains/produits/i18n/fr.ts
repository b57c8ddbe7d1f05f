/** French texts of the domain produits. */

export const fr = {
  produits: {
    create: 'Nouveau produit',
    edit: 'Modifier le produit',
    editOne: 'Modifier {{name}}',
    search: 'Code, intitulé, catégorie…',
    withArchived: 'Avec les archivés',
    title: 'Intitulé',
    category: 'Catégorie',
    duration: 'Durée',
    price: 'Prix HT',
    vat: 'TVA',
    entity: 'Entité légale',
    network: 'Réseau',
    exempt: 'Exonéré',
    archived: 'Archivé',
    unit: { group: 'par groupe', day: 'par jour', trainee: 'par stagiaire', hour: 'par heure' },
    none: 'Aucun produit',
    noneText: 'Aucune formation du catalogue ne correspond.',
  },
};
