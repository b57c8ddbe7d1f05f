/** French texts of the bin. */

export const fr = {
  corbeille: {
    lead: 'Ce qui a été supprimé n’apparaît plus nulle part, et peut être restauré jusqu’à la date indiquée.',
    tab: { all: 'Tout', opportunites: 'Opportunités', entreprises: 'Entreprises' },
    kind: { opportunites: 'Opportunité', entreprises: 'Entreprise' },
    empty: 'La corbeille est vide',
    emptyText: 'Un dossier ou une entreprise supprimés par erreur se retrouvent ici.',
    more: 'Les {{shown}} plus récents sur {{total}}.',
    by: 'Par {{by}}',
    purge: 'Sera supprimé définitivement le {{day}}',
    select: 'Choisir {{label}}',
    restore: 'Restaurer',
    restoreOf: 'Restaurer {{label}}',
    restoreMany: 'Restaurer la sélection ({{n}})',
    restored: '« {{label}} » est restauré.',
    restoredMany: '{{n}} éléments restaurés.',
    restoredSome: '{{n}} restaurés, {{failed}} impossibles :',
    binned: '« {{label}} » est dans la corbeille.',
    here: '« {{label}} » est dans la corbeille',
    why: 'Motif : {{reason}}',
    dialog: {
      title: 'Mettre à la corbeille',
      body: '« {{label}} » n’apparaîtra plus dans les listes, la recherche et les chiffres. La corbeille le garde avant de le supprimer définitivement.',
      reason: 'Pourquoi ?',
      hint: 'Le motif est gardé dans le journal.',
      apply: 'Mettre à la corbeille',
    },
  },
};
