/** English texts of what can be done with several opportunités at once. */
import { fr } from './bulk.fr';

export const en: typeof fr = {
  opportunitesLot: {
    assign: 'Assign',
    assignDo: 'Assign {{n}} {{n|opportunity|opportunities}}',
    assignDone: '{{n}} {{n|opportunity|opportunities}} assigned',
    kind: 'Kind',
    kindDo: 'Change {{n}} {{n|opportunity|opportunities}}',
    kindDone: '{{n}} {{n|opportunity|opportunities}} changed',
    move: 'Move',
    moveLabel: 'Action',
    moveHint: 'The actions that ask for nothing. Those that need information are taken on each page.',
    moveOption: '{{label}} · {{n}} of {{total}}',
    moveDo: 'Move {{n}} {{n|opportunity|opportunities}}',
    moveDone: '{{n}} {{n|opportunity|opportunities}} moved',
    notOffered: 'This action is not possible at this stage.',
  },
};
