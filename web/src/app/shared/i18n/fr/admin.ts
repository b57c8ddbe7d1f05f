export const admin = {
  users: {
    create: 'Nouvel utilisateur', edit: 'Modifier l’utilisateur', editOne: 'Modifier {{name}}', search: 'Nom ou e-mail', role: 'Rôle', allRoles: 'Tous les rôles', state: 'État', name: 'Nom', sites: 'Sites',
    allSites: 'Tous', lastLogin: 'Dernière connexion', never: 'jamais', none: 'Aucun utilisateur', noneText: 'Aucun compte ne correspond à ces filtres.', activeFilter: { true: 'Actifs', false: 'Désactivés', all: 'Tous' },
    newPassword: 'Nouveau mot de passe', passwordKeep: 'Vide : inchangé. Sinon {{n}} caractères au moins.', activeLabel: 'Compte actif (désactivé : plus de connexion, sessions fermées)', siteRequired: 'Choisissez au moins un site',
  },
  formateurs: {
    one: 'Formateur', create: 'Nouveau formateur', edit: 'Modifier le formateur', search: 'Nom, compétence…', kind: 'Statut', allKinds: 'Tous les statuts', kinds: { permanent: 'Permanent', vacataire: 'Vacataire' },
    withInactive: 'Avec les inactifs', none: 'Aucun formateur', noneText: 'Aucun formateur ne correspond sur ce périmètre.', skills: 'Compétences', certifications: 'Certifications', expired: '{{n}} expirée{{n||s}}',
    planning: 'Planning', away: 'absent', free: 'libre', hourlyRate: 'Taux horaire', noCertification: 'Aucune certification', shared: 'réseau', unavailability: 'Indisponibilités',
  },
  salles: {
    create: 'Nouvelle salle', edit: 'Modifier la salle', editOne: 'Modifier {{name}}', search: 'Nom, équipement…', withInactive: 'Avec les inactives', name: 'Nom', capacity: 'Capacité', equipment: 'Équipement',
    site: 'Site', inactive: 'Inactive', none: 'Aucune salle', noneText: 'Aucune salle ne correspond sur ce périmètre.',
  },
  jobs: {
    refresh: 'Actualiser', isPaused: 'en pause', pauseOne: 'Mettre en pause la file {{name}}', resumeOne: 'Reprendre la file {{name}}', paused: 'File en pause', resumed: 'File reprise', retried: 'Traitement remis en file',
    oldest: 'Plus ancien en attente : {{age}}', completedCount: '{{n}} terminé{{n||s}}', stateLabel: 'État', allStates: 'Tous les états', queue: 'File', allQueues: 'Toutes les files', none: 'Aucun traitement',
    noneText: 'Rien ne s’est encore passé en arrière-plan.', noneFiltered: 'Aucun traitement ne correspond à ces filtres.', job: 'Traitement', ofPlugin: 'Extension {{plugin}}', attempts: 'Essais', created: 'Créé', error: 'Erreur', retry: 'Rejouer',
    state: { waiting: 'En attente', delayed: 'Différé', active: 'En cours', completed: 'Terminé', failed: 'Échoué', dead: 'Abandonné' },
  },
  secrets: { title: 'Secrets', set: 'Enregistré, jamais réaffiché.', unset: 'Pas encore enregistré.', erase: 'Effacer', willErase: 'Sera effacé à l’enregistrement.' },
  connecteurs: {
    one: 'Connecteur', run: 'Synchronisation', subtitle: 'Ce qui est lu dans d’autres systèmes, quand, et ce que cela change ici.', none: 'Aucun connecteur', noneText: 'Installez une extension de type connecteur.',
    noSchedule: 'Pas de planification', neverRun: 'Jamais lancé', preview: 'Aperçu', sync: 'Synchroniser', tab: { executions: 'Synchronisations', configuration: 'Configuration', changements: 'Changements', journal: 'Journal' },
    noRun: 'Aucune synchronisation', noRunText: 'Commencez par un aperçu : il ne change rien.', startedAt: 'Début', stateLabel: 'État', mode: 'Mode', modes: { preview: 'Aperçu', apply: 'Synchronisation' }, message: 'Message',
    trigger: { manual: 'Manuel', schedule: 'Planifié' },
    state: { queued: 'En file', fetching: 'Lecture', staged: 'Aperçu prêt', applying: 'Application', done: 'Terminée', failed: 'Échouée', held: 'Retenue', undone: 'Annulée' },
    count: { created: 'Créés', updated: 'Modifiés', unchanged: 'Inchangés', skipped: 'Ignorés', archived: 'Archivés', missing: 'Disparus', conflict: 'À trancher' },
    actions: { created: 'Création', updated: 'Modification', unchanged: 'Inchangé', skipped: 'Ignoré', archived: 'Archivage', missing: 'Disparu', conflict: 'À trancher' }, counts: 'Bilan', record: 'Fiche', action: 'Action', difference: 'Différence',
    entity: { localisation: 'Sites', entreprise: 'Entreprises', contact: 'Contacts' }, progress: 'Avancement', noChange: 'Aucun changement', noChangeText: 'Rien à montrer pour cette sélection.', stillReading: 'La lecture est en cours.',
    noLog: 'Journal vide.', stagedText: 'Rien n’a encore été modifié. Vérifiez, puis appliquez.', heldTitle: 'Retenue par précaution',
    apply: 'Appliquer', applyTitle: 'Appliquer les changements ?', applyText: 'Les fiches seront créées et modifiées dans le CRM. Vous pourrez annuler ensuite.', undo: 'Annuler ses effets', undoTitle: 'Annuler les effets de cette synchronisation ?',
    undoText: 'Les fiches reprennent leur état d’avant. Ce qui a été modifié depuis par quelqu’un est conservé.', cancel: 'Interrompre', giveUp: 'Abandonner', cancelTitle: 'Arrêter là ?', cancelText: 'Rien de ce qui reste ne sera appliqué. Ce qui l’est déjà pourra être annulé.',
    conflict: {
      title: '{{n}} fiche{{n||s}} modifiée{{n||s}} des deux côtés.', text: 'Les valeurs du CRM sont conservées tant que personne n’a choisi.', show: 'Voir', before: 'Avant', here: 'Dans le CRM', there: 'Reçu', kept: 'retenu',
      keepHere: 'Garder la nôtre', takeThere: 'Prendre la leur', keepAll: 'Garder toutes les nôtres', takeAll: 'Prendre toutes les leurs', keepAllText: 'Les valeurs du CRM restent. La question ne sera reposée que si elles changent encore là-bas.',
      takeAllText: 'Les valeurs reçues remplacent celles du CRM. Vous pourrez annuler avec cette synchronisation.', settled: 'Choix enregistré', settledSome: '{{settled}} choix enregistrés ; {{left}} laissés : la fiche a encore changé depuis.',
    },
    owners: { title: 'À qui appartient chaque champ', text: 'Quand un champ a changé ici et là-bas, le CRM demande. Vous pouvez aussi décider une fois pour toutes, champ par champ.', both: 'Dernière modification, sinon demander', crm: 'Le CRM garde sa valeur', source: 'L’autre système fait foi' },
    settings: 'Réglages', schedule: 'Planification', scheduleOn: 'Synchroniser automatiquement', rhythm: 'Rythme', rhythms: { '0': 'Chaque jour à 5 h', '1': 'En semaine à 5 h', '2': 'Toutes les 4 heures', '3': 'Chaque heure' },
    customRhythm: 'Autre (cron)', cron: 'Ligne cron', check: 'Vérifier la connexion', checking: 'Vérification…', checkTitle: 'Vérification', ok: 'réussi', failed: 'échoué',
  },
};
