/** English texts of the domain home. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  home: {
    unowned: 'Without a sales rep',
    unownedText: 'Their sales rep has left or can no longer own them: open them and give them to somebody.',
    hello: 'Hello {{name}}',
    subtitle: 'Here is what waits for your turn in the relay.',
    waiting: 'waiting for you',
    late: 'late',
    mine: 'files followed',
    inbox: 'Your turn',
    sentBack: 'Sent back by {{name}}:',
    recent: 'Latest moves',
    noRecent: 'No move yet',
    allWaiting: 'See {{n}} waiting file{{n||s}}',
    emptyTitle: 'Nothing waits for you',
    emptyText: 'No file waits for your role at the moment. You will be told as soon as one reaches you.',
  },
};
