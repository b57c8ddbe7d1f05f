/** French texts of the second factor. */

export const fr = {
  factor: {
    title: 'Double authentification',
    on: 'Activée',
    off: 'Désactivée',
    text: 'À la connexion, un code de votre téléphone s’ajoute au mot de passe : qui connaît l’un n’entre pas sans l’autre.',
    first: 'Votre rôle l’exige : mettez-la en place pour continuer.',
    begin: 'Activer',
    since: 'Activée depuis le',
    left: 'Codes de secours restants : {{n}}',
    other: 'Changer de téléphone',
    required: 'Votre rôle l’exige.',
    removed: 'Double authentification désactivée',
    leave: 'Se déconnecter',
    renew: {
      title: 'Nouveaux codes de secours',
      text: 'Les codes de secours actuels ne serviront plus.',
    },
    remove: {
      title: 'Désactiver',
      text: 'Votre mot de passe suffira pour vous connecter.',
    },
    setup: {
      passwordHint: 'Pour vérifier que c’est bien vous.',
      begin: 'Continuer',
      scan: 'Scannez ce code avec une application d’authentification de votre téléphone.',
      qr: 'Code QR à scanner avec l’application',
      byHand: 'Sans appareil photo, saisissez cette clé :',
      code: 'Code affiché par l’application',
      codeHint: 'Six chiffres, renouvelés toutes les 30 secondes.',
      confirm: 'Vérifier',
    },
    codes: {
      title: 'Codes de secours',
      text: 'Conservez ces codes en lieu sûr : chacun remplace une fois votre téléphone. Ils ne seront plus affichés.',
      copy: 'Copier',
      copied: 'Copiés',
      download: 'Télécharger',
      done: 'Je les ai conservés',
    },
  },
};
