/** French texts of the domain salles. */

export const fr = {
  salles: {
    create: 'Nouvelle salle',
    edit: 'Modifier la salle',
    editOne: 'Modifier {{name}}',
    search: 'Nom, équipement…',
    withInactive: 'Avec les inactives',
    name: 'Nom',
    capacity: 'Capacité',
    equipment: 'Équipement',
    site: 'Site',
    inactive: 'Inactive',
    none: 'Aucune salle',
    noneText: 'Aucune salle ne correspond sur ce périmètre.',
  },
};
