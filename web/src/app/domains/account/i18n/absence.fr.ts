/** French texts of absences. */

export const fr = {
  absence: {
    title: 'Absence et remplacement',
    text: 'Pendant votre absence, la personne qui vous remplace voit vos dossiers, vos tâches et vos messages, et agit avec ses propres droits.',
    from: 'Du',
    until: 'Au (inclus)',
    deputy: 'Remplacé par',
    nobody: 'Personne',
    end: 'Je suis de retour',
    ended: 'Absence terminée',
    standsInFor: 'Vous remplacez {{name}} jusqu’au {{day}}.',
    other: {
      title: 'Absence de {{name}}',
      text: 'Pendant cette absence, la personne qui remplace {{name}} voit ses dossiers, ses tâches et ses messages, et agit avec ses propres droits. Elle en est avertie.',
      end: 'Terminer l’absence',
      standsInFor: '{{deputy}} remplace {{name}} jusqu’au {{day}}.',
    },
  },
};
