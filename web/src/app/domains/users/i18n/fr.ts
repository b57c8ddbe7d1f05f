/** French texts of the domain users. */

export const fr = {
  users: {
    create: 'Nouvel utilisateur',
    edit: 'Modifier l’utilisateur',
    editOne: 'Modifier {{name}}',
    search: 'Nom ou e-mail',
    role: 'Rôle',
    allRoles: 'Tous les rôles',
    state: 'État',
    name: 'Nom',
    sites: 'Sites',
    allSites: 'Tous',
    lastLogin: 'Dernière connexion',
    never: 'jamais',
    none: 'Aucun utilisateur',
    noneText: 'Aucun compte ne correspond à ces filtres.',
    activeFilter: { true: 'Actifs', false: 'Désactivés', all: 'Tous' },
    newPassword: 'Nouveau mot de passe',
    passwordKeep: 'Vide : inchangé. Sinon {{n}} caractères au moins.',
    activeLabel: 'Compte actif (désactivé : plus de connexion, sessions fermées)',
    siteRequired: 'Choisissez au moins un site',
  },
};
