/** French texts of the domain roles. */

export const fr = {
  roles: {
    intro: 'Ce que chaque rôle peut faire. Les droits dans un dossier dépendent aussi de son étape.',
    introEdit:
      'Ce que chaque rôle peut faire. Une case prend effet à la prochaine requête de ces personnes ; un tiret ne peut pas être donné.',
    action: 'Droit',
    reach: 'Voit',
    yes: 'oui',
    no: 'non',
    given: 'Droit donné',
    taken: 'Droit retiré',
    reaches: {
      own: 'Ses dossiers',
      sites: 'Ses sites',
      network: 'Tout le réseau',
    },
    actions: {
      opportunites_create: 'Créer des opportunités',
      opportunites_edit: 'Modifier des opportunités',
      opportunites_export: 'Exporter les opportunités',
      entreprises_write: 'Créer et modifier des entreprises',
      entreprises_export: 'Exporter les entreprises',
      entreprises_import: 'Importer des entreprises',
      formateurs_read: 'Voir les formateurs',
      formateurs_write: 'Gérer les formateurs',
      salles_write: 'Gérer les salles',
      objectifs_read: 'Voir les objectifs',
      objectifs_write: 'Fixer les objectifs',
      users_read: 'Voir les utilisateurs',
      users_write: 'Gérer les utilisateurs',
      plugins_read: 'Voir les extensions',
      plugins_install: 'Installer des extensions',
      plugins_configure: 'Régler les extensions',
      connecteurs_manage: 'Gérer les connecteurs',
      jobs_read: 'Voir les traitements',
      jobs_manage: 'Piloter les traitements',
      journal_read: 'Lire le journal',
      roles_write: 'Gérer les rôles et droits',
    },
  },
};
