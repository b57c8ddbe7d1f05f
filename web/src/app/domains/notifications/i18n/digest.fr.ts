/** French texts of the digest. */

export const fr = {
  digest: {
    on: 'Regrouper les e-mails en un résumé',
    text: 'Le résumé dit ce qui s’est passé, ce qui vous attend et vos tâches échues. Rien n’est envoyé quand il n’y a rien à dire. Les messages dans l’application arrivent toujours aussitôt.',
    day: 'Quand',
    days: {
      '0': 'tous les jours',
      '1': 'le lundi',
      '2': 'le mardi',
      '3': 'le mercredi',
      '4': 'le jeudi',
      '5': 'le vendredi',
      '6': 'le samedi',
      '7': 'le dimanche',
    },
    hour: 'à partir de',
    at: '{{hour}} h',
    atOnce: 'Aussitôt',
  },
};
