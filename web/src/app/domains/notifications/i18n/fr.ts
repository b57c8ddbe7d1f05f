/** French texts of the domain notifications. */

export const fr = {
  notifications: {
    tab: { toutes: 'Toutes', 'non-lues': 'Non lues', preferences: 'Préférences' },
    kind: 'Me prévenir quand…',
    app: 'Dans l’application',
    email: 'Par e-mail',
    unread: 'non lue',
    none: 'Aucune notification',
    allRead: 'Tout est lu',
    noneText: 'Vous serez prévenu ici quand un dossier vous attend.',
    noKind: 'Aucun réglage',
    noKindText: 'Rien n’est prévu sur votre site pour vous prévenir. Parlez-en à votre administrateur.',
  },
};
