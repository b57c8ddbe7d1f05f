export const plugins = {
  plugins: {
    one: 'Extension', subtitle: 'Les règles métier vivent dans des extensions isolées, activées site par site.', none: 'Aucune extension', noneText: 'Aucune extension n’est installée.',
    kind: { workflow: 'Parcours', objectives: 'Objectifs', notifier: 'Notifications', connector: 'Connecteur', hook: 'Contrôle' }, level: { core: 'Intégré', partner: 'Partenaire', private: 'Privé', unsigned: 'Non signé' },
    levelText: {
      core: 'Livré avec l’application et vérifié avec elle.', partner: 'Signé par un partenaire dont votre réseau a accepté la clé.', private: 'Signé avec une clé de votre propre réseau.',
      unsigned: 'Personne n’en répond : nul ne peut dire qui l’a fait ni s’il a été modifié. À réserver aux essais.',
    },
    setting: 'l’adresse du réglage « {{name}} »', signedBy: 'Clé : {{name}}', keyRevoked: 'clé révoquée', waiting: 'Attend votre accord', removedState: 'Désinstallée', newVersions: '{{n}} version{{n||s}} en attente d’accord',
    activeOn: 'Sites actifs : {{n}} sur {{total}}', calls: 'appels', quarantined: '{{n}} en quarantaine', noCapability: 'Ne demande aucun accès.', trouble: 'Cette extension est active mais ne tourne pas : {{why}}', openConnector: 'Ouvrir le connecteur', sites: 'Par site', state: 'État',
    states: { active: 'Active', disabled: 'Désactivée', quarantined: 'Quarantaine' }, enabled: 'Activée', enableOn: 'Activer sur {{site}}', configure: 'Configurer', configureOn: 'Configurer sur {{site}}', may: 'Cette extension…',
    tab: { sites: 'Sites', horaires: 'Horaires', sante: 'Santé', enregistrements: 'Enregistrements', versions: 'Versions' }, file: 'Fichier', installedAt: 'Installée', size: 'Taille', disable: 'Désactiver', disableTitle: 'Désactiver sur {{site}} ?',
    disableText: 'Ce que cette extension décide ou calcule ne sera plus disponible sur ce site.',
    alongside: 'avec', order: 'Rang', orderRange: 'Un nombre entier, de −{{most}} à {{most}}', orderOn: 'Rang sur {{site}} : le plus petit est consulté en premier', onFailure: 'Sans réponse', onFailureOn: 'Si le contrôle ne répond pas sur {{site}}',
    failure: { manifest: 'Selon l’extension', open: 'Laisser passer', closed: 'Refuser' },
  },
  pluginSchedules: {
    cron: 'Minute, heure, jour, mois, jour de la semaine ; heure française', next: 'Prochaine fois', last: 'Dernière fois', never: 'Jamais', off: 'Désactivé ici', pluginOff: 'Extension désactivée ici',
    enableOn: '{{name}} sur {{site}}', outcome: { done: 'Réussi', retried: 'Réessaie', failed: 'Échoué' },
  },
  pluginInstall: {
    open: 'Installer un fichier', title: 'Installer une extension', choose: 'Choisir un fichier', drop: 'Déposez ici un fichier d’extension (.wasm, 12 Mio au plus), ou choisissez-le.',
    next: 'Rien n’est activé à cette étape : vous lirez d’abord ce que l’extension demande.', sending: 'Envoi de {{name}}', checking: 'Vérification de l’extension…', refused: 'Ce fichier est refusé',
    tooLarge: 'Ce fichier dépasse 12 Mio.', empty: 'Ce fichier est vide.', notWasm: 'Ce fichier n’est pas une extension : un fichier .wasm est attendu.',
  },
  pluginConsent: {
    title: 'Donner votre accord ?', version: 'Version {{version}}', replaces: 'Remplace la version {{version}}', may: 'Ce que cette extension pourra faire', added: 'nouveau', more: 'étendu', gone: 'Ce qu’elle ne demande plus',
    same: 'Cette version ne demande rien de plus que la version active.', first: 'Rien ne sera actif avant que vous l’activiez site par site.', levelChanged: 'Le niveau de signature change : « {{before}} » devient « {{after}} ».', signerChanged: 'Cette version n’est pas signée par la même clé que la précédente. Les secrets et les notes de l’extension ne lui seront pas transmis : saisissez les secrets à nouveau.',
    memory: 'Mémoire par appel', time: 'Temps par appel', standard: 'valeur par défaut', other: 'Demande aussi davantage ici : {{list}}', accept: 'Accepter', refuse: 'Refuser', later: 'Décider plus tard', refusedDone: 'Version {{version}} refusée et effacée',
    done: 'Version {{version}} active', settings: 'Réglages à relire : {{list}}',
  },
  pluginVersions: {
    title: 'Versions', version: 'Version', level: 'Signature', state: { active: 'Active', previous: 'Précédente', staged: 'Attend votre accord' }, review: 'Examiner', reviewOne: 'Examiner la version {{version}}', rollback: 'Revenir à la version {{version}}',
    rollbackTitle: 'Revenir à la version {{version}} ?', rollbackText: 'Elle reprend aussitôt, sur tous les sites, avec les réglages et les permissions qu’elle avait.', rolledBack: 'Retour à la version {{version}}',
    uninstall: 'Désinstaller', uninstallTitle: 'Désinstaller cette extension ?', uninstallText: 'Elle s’arrête aussitôt sur tous les sites. Les données restent lisibles : dossiers, historique et réglages sont conservés.', uninstalled: 'Extension désinstallée',
    purge: 'Effacer ses réglages', purgeTitle: 'Effacer ce que l’extension a laissé ?', purgeText: 'Ses réglages, secrets et notes sont effacés pour toujours. Les dossiers et leur historique restent lisibles.', purged: 'Réglages effacés',
  },
  pluginHealth: {
    title: 'Santé par site', caption: 'Compteurs depuis le démarrage des serveurs, actualisés toutes les 5 secondes', calls: 'Appels', refusals: 'Refus', errors: 'Erreurs', faults: 'Arrêts forcés', p50: 'Médiane', p99: '99e centile', memory: 'Mémoire', details: 'Détails de {{site}}',
    uses: 'Appels à l’hôte', capability: 'Capacité', denied: 'Refusés', noUse: 'Aucun appel à l’hôte.', logs: 'Dernières lignes du journal', noLog: 'Rien dans le journal.', lastError: 'Dernière erreur, {{ago}}',
    quarantine: 'En quarantaine : {{reason}}', nextTry: 'Prochain essai : {{at}} · {{n}}e fois de suite', release: 'Réessayer maintenant', releaseOn: 'Sortir de quarantaine sur {{site}}', released: 'Sortie de quarantaine sur {{site}}',
  },
  pluginRecordings: {
    title: 'Enregistrements', text: 'Les prochains appels sont gardés tels quels, pour être rejoués au bureau : « afpi plugin replay » les refait, « afpi plugin diff » montre ce qu’une autre version aurait décidé.',
    caution: 'Réglages, questions et réponses y figurent en entier, donc des dossiers : effacés après 30 jours, le fichier téléchargé est à garder avec la même prudence.',
    state: { off: 'Arrêté', on: 'En cours' }, progress: '{{n}} sur {{total}}', calls: 'Appels gardés', size: 'Taille', started: 'Lancé', by: 'par {{name}}', deleted: 'Effacement',
    none: 'Rien n’est enregistré', noneText: 'Choisissez un site et le nombre des prochains appels à garder.', begin: 'Enregistrer des appels', start: 'Enregistrer', again: 'Recommencer', startOn: 'Recommencer sur {{site}}', startTitle: 'Enregistrer les prochains appels', count: 'Nombre d’appels', countHint: 'De 1 à {{max}}. L’enregistrement s’arrête de lui-même.', replaces: '{{n}} appel{{n||s}} déjà enregistré{{n||s}} sur ce site {{n|sera effacé|seront effacés}}.', launched: 'Enregistrement lancé sur {{site}}',
    stop: 'Arrêter', stopOn: 'Arrêter d’enregistrer sur {{site}}', stopped: 'Enregistrement arrêté sur {{site}}', download: 'Télécharger', downloadOn: 'Télécharger les appels de {{site}}', erase: 'Effacer', eraseOn: 'Effacer les appels de {{site}}',
    eraseTitle: 'Effacer les appels enregistrés sur {{site}} ?', eraseText: 'L’enregistrement s’arrête ; {{n}} appel{{n||s}} gardé{{n||s}} {{n|est supprimé|sont supprimés}}.', erased: 'Appels effacés sur {{site}}',
    list: 'Appels de {{site}}', newest: '{{n|Le plus récent|Les plus récents}} ({{n}}).', at: 'Quand', function: 'Fonction', answer: 'Réponse', answered: 'Répondu', refused: 'Refusé',
  },
  pluginKeys: {
    title: 'Clés de confiance', subtitle: 'Une extension signée par l’une de ces clés peut être installée.', manage: 'Clés de confiance', add: 'Ajouter une clé', publicKey: 'Clé publique', publicKeyHint: 'La ligne du fichier .pub : afpi-key-v1 public …', level: 'Niveau',
    levelHint: { partner: 'La clé d’un éditeur que vous connaissez.', private: 'Une clé de votre propre réseau.' }, name: 'Nom', addedAt: 'Ajoutée', revokedAt: 'Révoquée', trusted: 'Acceptée', revoke: 'Révoquer', revokeOne: 'Révoquer {{name}}',
    revokeTitle: 'Ne plus faire confiance à {{name}} ?', revokeText: 'Rien de ce que cette clé a signé ne pourra plus être activé. Ce qui tourne déjà continue.', revoked: 'Clé révoquée', added: 'Clé ajoutée', trustAgain: 'Accepter à nouveau {{name}}', again: 'Accepter à nouveau', none: 'Aucune clé', noneText: 'Seules les extensions livrées avec l’application peuvent être installées.',
  },
};
