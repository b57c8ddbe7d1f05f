export const common = {
  common: {
    export: 'Exporter', exporting: 'Export…', exported: 'Fichier enregistré', exportHint: 'Toute la liste, avec ses filtres, pour un tableur ou un autre logiciel', exportAs: { xlsx: 'Excel (XLSX)', csv: 'CSV' },
    actions: 'Actions', cancel: 'Annuler', clearFilters: 'Effacer les filtres', close: 'Fermer', columns: 'Colonnes', edit: 'Modifier', filters: 'Filtres',
    loading: 'Chargement…', more: 'Afficher la suite', results: '{{n}} résultat{{n||s}}', retry: 'Réessayer', save: 'Enregistrer', saved: 'Modifications enregistrées',
    saving: 'Enregistrement…', shownOf: '{{n}} affiché{{n||s}} sur {{total}}', undo: 'Annuler', undone: 'Modifications annulées', active: 'Actif', inactive: 'Inactif',
  },
  nav: {
    home: 'Accueil', entreprises: 'Entreprises', opportunites: 'Opportunités', pilotage: 'Pilotage', notifications: 'Notifications', users: 'Utilisateurs',
    formateurs: 'Formateurs', salles: 'Salles', connecteurs: 'Connecteurs', plugins: 'Extensions', jobs: 'Traitements',
  },
  role: {
    admin: 'Administrateur', responsable_commercial: 'Responsable commercial', manager: 'Manager', commercial: 'Commercial', assistante: 'Assistante',
    planificateur: 'Planificateur', facturation: 'Facturation',
  },
  successor: { choose: 'Qui reprend ?', others: 'et {{n}} autre{{n||s}}' },
  shell: {
    account: 'Mon compte', administration: 'Administration', allSites: 'Tous les sites', theme: 'Thème', themes: { system: 'Comme le système', light: 'Clair', dark: 'Sombre' }, logout: 'Se déconnecter',
    mainNav: 'Navigation principale', menu: 'Menu', preferences: 'Préférences de notification', search: 'Rechercher', searchHint: 'Rechercher une entreprise, un SIRET, un numéro…',
    site: 'Site', skip: 'Aller au contenu',
  },
  bell: {
    all: 'Toutes les notifications', label: 'Notifications : {{n}} non lue{{n||s}}', none: 'Rien de nouveau.', paused: 'Mises à jour en direct interrompues, reconnexion…', readAll: 'Tout marquer comme lu',
  },
  palette: {
    action: 'Action', commands: 'pages et actions', failed: 'La recherche ne répond pas. Réessayez.', here: 'Sur cette page', move: 'choisir', none: 'Aucun résultat.',
    numbers: 'numéros', open: 'ouvrir', page: 'Page', placeholder: 'Nom, SIRET, téléphone, numéro, page…', results: 'Résultats',
  },
  shortcuts: {
    title: 'Raccourcis clavier', search: 'Rechercher', palette: 'Palette de commandes', create: 'Nouvelle opportunité', save: 'Enregistrer', undo: 'Annuler ce qui vient d’être fait', steps: 'Aller à une étape',
    escape: 'Fermer, annuler', help: 'Cette aide',
  },
  login: {
    title: 'Connexion', welcome: 'Bienvenue', subtitle: 'Connectez-vous à AFPI CRM.', email: 'Adresse e-mail', password: 'Mot de passe', show: 'Afficher le mot de passe',
    hide: 'Masquer le mot de passe', submit: 'Se connecter', busy: 'Connexion…', ended: 'Votre session a pris fin. Reconnectez-vous pour continuer.', demo: 'Démonstration',
    demoHint: 'Entrez directement avec l’un des rôles :', claim: 'De la première visite à la facture payée, chacun sait quand c’est à lui.', step1: 'Collecte d’informations',
    step2: 'Devis', step3: 'Montage administratif', step4: 'Planification', step5: 'Documents administratifs', step6: 'Facturation',
  },
  password: {
    title: 'Changer le mot de passe', current: 'Mot de passe actuel', new: 'Nouveau mot de passe', again: 'Nouveau mot de passe, encore une fois', hint: '{{n}} caractères au moins.',
    done: 'Mot de passe changé. Vos autres sessions sont fermées.',
  },
  form: {
    addRow: 'Ajouter une ligne', choicesFailed: 'Les choix n’ont pas pu être chargés.', notOffered: 'choix actuel, plus proposé ici', computedOnSave: 'calculé à l’enregistrement', date: 'Date au format jj/mm/aaaa', datePlaceholder: 'jj/mm/aaaa',
    different: 'Les deux saisies diffèrent', email: 'Adresse e-mail invalide', fillHalfDays: 'Ajouter ces demi-journées', from: 'Du', matDatepickerParse: 'Date au format jj/mm/aaaa', max: 'Au plus {{max}}', maxlength: '{{requiredLength}} caractère{{requiredLength||s}} au plus',
    min: 'Au moins {{min}}', minlength: '{{requiredLength}} caractères au moins', money: 'Montant invalide, par exemple 1 234,56', number: 'Nombre invalide, par exemple 1 234,5', integer: 'Un nombre entier', decimals: '{{most}} décimale{{most||s}} au plus',
    mark: 'La virgule sépare les décimales, l’espace les milliers : 1 234,56', rowFinal: 'Ligne définitive : elle ne change plus', noRow: 'Aucune ligne.', noChoice: 'Rien à choisir', onePerLine: 'Une valeur par ligne',
    openCalendar: 'Ouvrir le calendrier', pattern: 'Format invalide', taken: '{{who}} : déjà pris le {{day}}, {{half}}', takenBy: '{{who}} : déjà pris le {{day}}, {{half}} ({{by}})', takenHere: '{{who}} : déjà à la ligne {{n}}', skill: 'Compétence', anySkill: 'Toutes', pickContact: 'Choisir un contact', pick: 'Choisissez une proposition de la liste', required: 'Ce champ est obligatoire', rowDown: 'Descendre la ligne {{n}}', rowMoved: 'Ligne déplacée en position {{n}}', rowRemove: 'Supprimer la ligne {{n}}',
    rowRemoved: 'Ligne {{n}} supprimée', rowUp: 'Monter la ligne {{n}}', rowsAdded: '{{n}} demi-journée{{n||s}} ajoutée{{n||s}}', 'siret.checksum': 'Ce SIRET est faux : la clé de contrôle ne correspond pas',
    'siret.length': 'Un SIRET a 14 chiffres', 'siren.checksum': 'Ce SIREN est faux', everyDay: 'Week-ends et jours fériés compris', to: 'Au', total: 'Total', wholeDays: 'Journées entières',
  },
  calendar: {
    label: 'Calendrier', holiday: 'férié', nextMonth: 'Mois suivant', prevMonth: 'Mois précédent', nextYear: 'Année suivante', prevYear: 'Année précédente', chooseDay: 'Choisir un jour', chooseMonth: 'Choisir le mois et l’année',
  },
  unsaved: { dialog: 'Si vous fermez cette fenêtre, votre saisie sera perdue.', close: 'Fermer sans enregistrer', back: 'Revenir à la saisie', title: 'Modifications non enregistrées', body: 'Si vous quittez cette page, vos modifications seront perdues.', leave: 'Quitter sans enregistrer' },
  problem: {
    loadTitle: 'Chargement impossible', missingTitle: 'Introuvable', offline: 'Le serveur ne répond pas. Vérifiez votre connexion.', reference: 'référence {{id}}',
    vetoed: 'Refusé par une règle de votre site : {{detail}}', unexpected: 'Une erreur inattendue s’est produite.', unreadable: 'Le serveur a répondu de façon inattendue.', unavailable: 'Le service est momentanément indisponible.',
  },
  stale: {
    taken: 'Changé entre-temps et repris ici : {{fields}}.', kept: 'Changé par vous deux : {{fields}}. Votre saisie remplacera l’autre.',
    again: 'Quelqu’un d’autre a enregistré entre-temps. Votre saisie est gardée : vérifiez, puis validez de nouveau.',
    move: 'Quelqu’un d’autre a changé ce dossier entre-temps. Rien n’a été fait : vérifiez, puis recommencez.', news: 'Changé : {{fields}}.',
    undo: 'Quelqu’un d’autre a enregistré entre-temps : rien n’a été annulé.',
  },
  notFound: { title: 'Page introuvable', text: 'Cette adresse ne mène nulle part.', home: 'Retour à l’accueil' },
  forbidden: { title: 'Accès réservé', text: 'Votre rôle ne donne pas accès à cette page.' },
  half: { am: 'matin', pm: 'après-midi' },
};
