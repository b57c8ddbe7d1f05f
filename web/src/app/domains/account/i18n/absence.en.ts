/** English texts of absences. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './absence.fr';

export const en: Words<typeof fr> = {
  absence: {
    title: 'Absence and deputy',
    text: 'While you are absent, your deputy sees your files, tasks and messages, and acts with the rights of their own role.',
    from: 'From',
    until: 'Until (included)',
    deputy: 'Deputy',
    nobody: 'Nobody',
    end: 'I am back',
    ended: 'Absence ended',
    standsInFor: 'You stand in for {{name}} until {{day}}.',
    other: {
      title: 'Absence of {{name}}',
      text: 'During this absence, the deputy sees the files, tasks and messages of {{name}}, and acts with the rights of their own role. The deputy is told.',
      end: 'End the absence',
      standsInFor: '{{deputy}} stands in for {{name}} until {{day}}.',
    },
  },
};
