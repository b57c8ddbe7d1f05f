import { defineNotifier, text } from 'afpi-plugin';

export default defineNotifier({
  kinds: () => [{ id: 'assigned', label: text('Confié à moi', 'Given to me'), channels: ['app'] }],

  notify(_, { name, subject }) {
    if (name !== 'opportunite.assigned' || subject === null) return [];
    return [{
      kind: 'assigned',
      to: [{ tag: 'owner' }],
      title: text('Un dossier vous est confié', 'A file was given to you'),
      body: text(subject.title, subject.title),
      link: `/opportunites/${subject.id}`,
      dedupeKey: `${subject.id}-${subject.commercial}`,
    }];
  },
});
