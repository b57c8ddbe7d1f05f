/** English texts of the choice of columns. */
import { fr } from './fr';

export const en: typeof fr = {
  columns: {
    rows: 'Rows of lists',
    density: { comfortable: 'Comfortable', compact: 'Compact' },
    done: 'Done',
    widthOf: 'Width of “{{name}}”',
    width: { auto: 'Automatic', narrow: 'Narrow', medium: 'Medium', wide: 'Wide' },
    earlier: 'Place “{{name}}” earlier',
    later: 'Place “{{name}}” later',
    moved: '{{name}}: column {{n}} of {{total}}.',
  },
};
