export const opportunites = {
  home: {
    unowned: 'Sans commercial', unownedText: 'Leur commercial est parti ou ne peut plus les suivre : ouvrez-les et confiez-les à quelqu’un.',
    hello: 'Bonjour {{name}}', subtitle: 'Voici ce qui attend votre passage de relais.', waiting: 'en attente de vous', late: 'en retard', mine: 'dossiers suivis', inbox: 'À vous de jouer',
    sentBack: 'Renvoyé par {{name}} :', recent: 'Derniers mouvements', noRecent: 'Pas encore de mouvement', allWaiting: 'Voir {{n}} dossier{{n||s}} en attente', emptyTitle: 'Rien ne vous attend',
    emptyText: 'Aucun dossier n’attend votre rôle pour le moment. Vous serez prévenu dès qu’un relais vous parvient.',
  },
  opportunites: {
    one: 'Opportunité', create: 'Nouvelle opportunité', createSubmit: 'Créer l’opportunité', created: 'Opportunité {{numero}} créée', list: 'Liste', board: 'Tableau', views: 'Affichage',
    late: 'en retard', lateOnly: 'En retard', waitsForMe: 'À moi', search: 'Rechercher une opportunité', section: 'Étape', allSections: 'Toutes les étapes', status: 'Statut', allStatuses: 'Tous les statuts',
    outcome: 'Issue', allOutcomes: 'Toutes les issues', kind: 'Type', allKinds: 'Tous les types', commercial: 'Commercial', allCommerciaux: 'Tous les commerciaux',
    none: 'Pas encore d’opportunité', noneText: 'Les opportunités de votre périmètre apparaîtront ici.', noneFiltered: 'Aucune opportunité ne correspond',
    noneFilteredText: 'Les filtres en place ne laissent rien passer.',
    column: {
      status: 'Statut', waitsOn: 'En attente de', amount: 'Montant HT', commercial: 'Commercial', localisation: 'Localisation', age: 'Dans l’étape', kind: 'Type', createdAt: 'Créée le', updatedAt: 'Modifiée',
    },
    field: {
      entreprise: 'Entreprise', title: 'Intitulé', titleHint: 'Par exemple « Soudage TIG, 12 opérateurs ».', budget: 'Budget estimé HT', kind: 'Type de formation',
      localisation: 'Localisation', localisationHint: 'Celle de l’entreprise si rien n’est choisi.', localisationAuto: 'Automatique', commercial: 'Commercial', commercialMe: 'Moi',
    },
  },
  kind: { 'inter-entreprise': 'Inter-entreprises', 'intra-entreprise': 'Intra-entreprise', individuelle: 'Individuelle', alternance: 'Alternance' },
  outcome: { open: 'En cours', suspended: 'Suspendue', won: 'Gagnée', done: 'Terminée', lost: 'Perdue', other: 'Autre' },
  picker: { placeholder: 'Nom, SIRET ou ville…', none: 'Aucune entreprise trouvée', create: 'Créer l’entreprise « {{name}} »', createSubmit: 'Créer l’entreprise', take: 'Choisir « {{name}} »' },
  moves: { done: '{{numero}} : {{status}}', sure: 'Confirmez-vous cette action ?' },
  conflict: {
    title: 'Modifié entre-temps', text: 'Quelqu’un d’autre a enregistré ce dossier pendant votre saisie. Rien n’est perdu : choisissez.', field: 'Champ', mine: 'Votre saisie', theirs: 'Version actuelle',
    elsewhere: 'Les changements de l’autre personne ne touchent pas votre saisie.', back: 'Revenir à ma saisie', takeTheirs: 'Prendre la version actuelle', keepMine: 'Enregistrer ma saisie',
  },
  record: {
    editEnded: 'Opportunité close : seul son commercial peut encore changer.',
    steps: 'Étapes du dossier', unsaved: 'Modifications non enregistrées', readOnly: 'Lecture seule', discard: 'Abandonner', otherActions: 'Autres actions', missing: '{{n}} point{{n||s}} à compléter',
    missingTitle: 'Avant de continuer :', edit: 'Modifier l’opportunité', exclVat: 'HT', waitsFor: 'En attente de :', followedBy: 'Suivi par :', facts: 'En bref', created: 'Créée le', workflow: 'Parcours', bookings: 'Réservations',
    history: 'Historique', moveDrops: 'Cette étape a des modifications non enregistrées.', moveAnyway: 'Continuer sans enregistrer', needed: 'À remplir avant de continuer', saveAndMove: 'Enregistrer et continuer', saveThen: 'Enregistrer, puis « {{move}} »',
    decide: 'À vous de décider', askedBy: 'Demandé par {{name}}, le {{at}}', sentBack: 'Renvoyé par {{name}}, le {{at}} :',
  },
  history: { created: 'a créé le dossier', moved: 'a fait', edited: 'a modifié', assigned: 'a changé l’affectation', refused: 'voulait changer le dossier', refusedMove: 'voulait faire', refusedBy: 'Refusé par l’extension {{plugin}} : {{reason}}', refusedFailed: 'Refusé faute de réponse de l’extension {{plugin}} : {{reason}}', refusedByRule: 'Refusé par une règle de votre site : {{reason}}', refusedFailedRule: 'Refusé faute de réponse d’une règle de votre site : {{reason}}', asked: 'Extensions consultées, dans cet ordre : {{hooks}}', answer: { allowed: 'accord', refused: 'refus', silent: 'sans réponse' }, changes: '{{n}} champ{{n||s}} modifié{{n||s}}', all: 'Tout afficher ({{n}})' },
  board: {
    groupBy: 'Colonnes par', sections: 'Étapes', statuses: 'Statuts', outside: 'Hors étapes', late: '{{n}} en retard', weighted: 'Montant pondéré par la probabilité', move: 'Déplacer « {{title}} » vers…',
    moveTitle: 'Déplacer vers…', noMove: 'Aucune action n’est possible pour vous sur ce dossier.', open: 'Ouvrir le dossier',
  },
};
