/** French texts of the choice of columns. */
export const fr = {
  columns: {
    rows: 'Lignes des listes',
    density: { comfortable: 'Aérées', compact: 'Compactes' },
    done: 'Terminé',
    widthOf: 'Largeur de « {{name}} »',
    width: { auto: 'Automatique', narrow: 'Étroite', medium: 'Moyenne', wide: 'Large' },
    earlier: 'Placer « {{name}} » plus tôt',
    later: 'Placer « {{name}} » plus tard',
    moved: '{{name}} : colonne {{n}} sur {{total}}.',
  },
};
