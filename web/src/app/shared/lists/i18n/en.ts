/** English texts of what lists load when it is asked for. */
import { fr } from './fr';

export const en: typeof fr = {
  lists: {
    bar: 'Selection',
    picked: '{{n}} selected',
    pickedAll: 'All {{n}} results',
    takeAll: 'Select all {{n}} results',
    takeAllMore: 'Select all results',
    open: 'Open the page',
    keys: { walk: 'move', open: 'open', close: 'close' },
    clear: 'Clear the selection',
    choose: 'Choose…',
    reading: 'Reading the selection… {{n}}',
    nothing: 'Nothing can be done with these.',
    progress: '{{n}} of {{total}}',
    stop: 'Stop',
    stopped: 'Stopped: {{n}} {{n|was|were}} not handled.',
    same: '{{n}} {{n|was|were}} so already.',
    refused: '{{n}} refused:',
    again: 'Try again',
    undo: 'Take it all back',
    undoing: 'Taking it all back',
    undone: '{{n}} {{n|item|items}} as before',
    undoHint: 'what was just done',
    changed: 'Somebody else has changed it meanwhile.',
    known: 'In use already:',
  },
};
