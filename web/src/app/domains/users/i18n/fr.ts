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
    activeFilter: { true: 'Actifs', invited: 'Invités', false: 'Désactivés', all: 'Tous' },
    newPassword: 'Nouveau mot de passe',
    passwordKeep: 'Vide : inchangé. Sinon {{n}} caractères au moins.',
    activeLabel: 'Compte actif (désactivé : plus de connexion, sessions fermées)',
    language: 'Langue',
    willBeInvited: 'Un e-mail l’invitera à choisir son mot de passe. Son lien sert pendant sept jours.',
    willGetLink:
      'Cette installation n’envoie pas d’e-mails : vous recevrez un lien à lui remettre, avec lequel cette personne choisira son mot de passe.',
    invited: 'Invitation en attente',
    invitationOver: 'Sans invitation',
    invitation: {
      title: 'Invitation de {{name}}',
      text: 'Remettez ce lien à cette personne seulement : il lui sert, une fois, à choisir son mot de passe. Il ne sera plus affiché.',
      link: 'Lien de l’invitation',
      copy: 'Copier',
      copied: 'Copié',
      until: 'Valable jusqu’au',
      sent: 'Invitation envoyée à {{email}}',
      again: 'Inviter {{name}} de nouveau',
    },
    factor: {
      reset: 'Retirer la double authentification ?',
      resetOne: 'Retirer la double authentification de {{name}}',
      resetText:
        '{{name}} a perdu son téléphone et ses codes de secours : son mot de passe suffira, jusqu’à une nouvelle mise en place. Ses sessions seront fermées. Assurez-vous que la demande vient bien de cette personne.',
      yes: 'Retirer',
      done: 'Double authentification retirée',
    },
    siteRequired: 'Choisissez au moins un site',
  },
};
