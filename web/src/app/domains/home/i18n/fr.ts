/** French texts of the domain home. */

export const fr = {
  home: {
    unowned: 'Sans commercial',
    unownedText: 'Leur commercial est parti ou ne peut plus les suivre : ouvrez-les et confiez-les à quelqu’un.',
    hello: 'Bonjour {{name}}',
    subtitle: 'Voici ce qui attend votre passage de relais.',
    waiting: 'en attente de vous',
    late: 'en retard',
    mine: 'dossiers suivis',
    inbox: 'À vous de jouer',
    sentBack: 'Renvoyé par {{name}} :',
    recent: 'Derniers mouvements',
    noRecent: 'Pas encore de mouvement',
    allWaiting: 'Voir {{n}} dossier{{n||s}} en attente',
    emptyTitle: 'Rien ne vous attend',
    emptyText: 'Aucun dossier n’attend votre rôle pour le moment. Vous serez prévenu dès qu’un relais vous parvient.',
  },
};
