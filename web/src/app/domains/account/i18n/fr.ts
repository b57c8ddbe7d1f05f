/** French texts of the domain account. */

export const fr = {
  login: {
    title: 'Connexion',
    welcome: 'Bienvenue',
    subtitle: 'Connectez-vous à AFPI CRM.',
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    show: 'Afficher le mot de passe',
    hide: 'Masquer le mot de passe',
    submit: 'Se connecter',
    busy: 'Connexion…',
    ended: 'Votre session a pris fin. Reconnectez-vous pour continuer.',
    demo: 'Démonstration',
    demoHint: 'Entrez directement avec l’un des rôles :',
    claim: 'De la première visite à la facture payée, chacun sait quand c’est à lui.',
    step1: 'Collecte d’informations',
    step2: 'Devis',
    step3: 'Montage administratif',
    step4: 'Planification',
    step5: 'Documents administratifs',
    step6: 'Facturation',
  },
  password: {
    title: 'Changer le mot de passe',
    current: 'Mot de passe actuel',
    new: 'Nouveau mot de passe',
    again: 'Nouveau mot de passe, encore une fois',
    hint: '{{n}} caractères au moins.',
    done: 'Mot de passe changé. Vos autres sessions sont fermées.',
  },
};
