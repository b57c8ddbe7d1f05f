/** French texts of the page of one's mails. */

export const fr = {
  mails: {
    title: 'Courriels à rattacher',
    text: 'Ces courriels que vous avez partagés ne portent l’adresse d’aucune fiche que vous voyez. Choisissez leur fiche, ou écartez-les. Ils disparaissent au bout de 60 jours.',
    none: 'Aucun courriel à rattacher',
    noneText: 'Les courriels reconnus à une adresse ou à un numéro de dossier vont seuls dans le suivi.',
    file: 'Rattacher',
    fileOne: 'Rattacher « {{subject}} »',
    discard: 'Écarter',
    discardTitle: 'Écarter ce courriel ?',
    discardBody: 'Il est supprimé ici. L’original reste dans votre messagerie.',
    discarded: 'Courriel écarté',
    filed: 'Courriel rattaché',
    find: 'Chercher la fiche',
    findHint: 'Nom d’une entreprise ou d’un contact, ou numéro d’un dossier.',
    nothing: 'Aucune fiche ne correspond.',
  },
};
