export const pages = {
  entreprises: {
    one: 'Entreprise', create: 'Nouvelle entreprise', created: '{{name}} créée', edit: 'Modifier l’entreprise', search: 'Nom, SIRET, ville, téléphone…', kind: 'Type', allKinds: 'Tous les types',
    activity: 'Activité', activeFilter: { true: 'Actives', false: 'Inactives', all: 'Actives et inactives' }, none: 'Pas encore d’entreprise', noneText: 'Créez la première, ou lancez une synchronisation.',
    noneFiltered: 'Aucune entreprise ne correspond', noneFilteredText: 'Vérifiez l’orthographe ou retirez un filtre. Si elle n’existe pas encore, créez-la.', openOpportunites: 'En cours',
    updatedAt: 'Modifiée', createdAt: 'Créée', identity: 'Identité', coordinates: 'Coordonnées', contacts: 'Contacts', contactN: 'Contact {{n}}', addContact: 'Ajouter un contact', removeContact: 'Retirer',
    mainContact: 'Contact principal', noContact: 'Aucun contact', noDeal: 'Pas encore d’opportunité', noDealText: 'Rien n’a encore été proposé à cette entreprise.', origin: 'Origine', syncedAt: 'synchronisé le {{at}}',
    openExisting: 'Ouvrir « {{name}} »', known: 'Cette entreprise est déjà connue.',
    field: {
      name: 'Raison sociale', siret: 'SIRET', siretHint: '14 chiffres, vérifiés à la saisie.', vatNumber: 'N° de TVA', kind: 'Type', headcount: 'Effectif', nafCode: 'Code NAF', idcc: 'IDCC', opco: 'OPCO',
      localisation: 'Localisation', address: 'Adresse', line1: 'Adresse', line2: 'Complément', postcode: 'Code postal', city: 'Ville', country: 'Pays', siren: 'SIREN', nafNomenclature: 'Nomenclature NAF', localisationCode: 'Localisation', entreprise: 'Entreprise', phone: 'Téléphone', email: 'E-mail', website: 'Site web', tags: 'Étiquettes',
      tagsHint: 'Séparées par des virgules.', notes: 'Notes', active: 'Entreprise active', firstName: 'Prénom', lastName: 'Nom', function: 'Fonction',
    },
  },
  entrepriseKind: { tpe: 'TPE', pme: 'PME', eti: 'ETI', 'grande-entreprise': 'Grande entreprise', association: 'Association', 'organisme-public': 'Organisme public' },
  notifications: {
    tab: { toutes: 'Toutes', 'non-lues': 'Non lues', preferences: 'Préférences' }, kind: 'Me prévenir quand…', app: 'Dans l’application', email: 'Par e-mail', unread: 'non lue', none: 'Aucune notification',
    allRead: 'Tout est lu', noneText: 'Vous serez prévenu ici quand un dossier vous attend.', noKind: 'Aucun réglage', noKindText: 'Rien n’est prévu sur votre site pour vous prévenir. Parlez-en à votre administrateur.',
  },
  pilotage: {
    period: 'Période', kind: { month: 'Mois', quarter: 'Trimestre', year: 'Année' }, before: 'Période précédente', after: 'Période suivante', metrics: 'Indicateurs', metric: 'Indicateur',
    noMetric: 'Aucun indicateur', noMetricText: 'Aucun indicateur n’est calculé sur ce périmètre.', versus: 'vs période précédente', trend: '{{metric}}, mois par mois', funnel: 'Le relais aujourd’hui',
    new: 'Nouveau', noFunnel: 'Aucun dossier en cours.', bySite: 'Par site', byUser: 'Par commercial', bySection: 'Par étape', display: 'Affichage', chart: 'Graphique', table: 'Tableau', month: 'Mois',
    summary: '{{metric}} par mois. Meilleur mois : {{month}}, {{best}}. Dernier mois : {{lastMonth}}, {{last}}.', noValue: 'Aucune valeur sur cette période.', objectives: 'Objectifs', newObjective: 'Nouvel objectif',
    editObjective: 'Modifier l’objectif {{name}}', deleteObjective: 'Supprimer l’objectif {{name}}', editTitle: 'Modifier l’objectif', deleted: 'Objectif supprimé', pace: 'Au rythme actuel : {{value}}',
    noObjective: 'Aucun objectif sur cette période', noObjectiveText: 'Les objectifs fixés pour votre périmètre apparaîtront ici.', owner: 'Pour', sites: 'Sites', people: 'Personnes',
    failed: 'Sans réponse : {{names}}. Ses chiffres manquent ici.', partial: '{{n}} sites sur {{of}}', leftOut: '« {{metric}} » ne compte pas tous les sites',
    reason: { 'not-measured': 'Non mesuré par une extension active : {{sites}}.', 'other-settings': 'Calculé avec des réglages différents, donc sans total : {{sites}}.', failed: 'L’extension n’a pas répondu : {{sites}}.' },
    target: { money: 'Cible (€ HT)', count: 'Cible', percent: 'Cible (%)', hours: 'Cible (heures)' },
  },
};
