/** English texts of what can be done with several companies at once. */
import { fr } from './bulk.fr';

export const en: typeof fr = {
  entreprisesLot: {
    tag: 'Tag',
    tagLabel: 'Tag',
    tagDo: 'Tag {{n}} {{n|company|companies}}',
    tagDone: '{{n}} {{n|company|companies}} tagged',
    untag: 'Remove a tag',
    untagDo: 'Remove from {{n}} {{n|company|companies}}',
    untagDone: 'Tag removed from {{n}} {{n|company|companies}}',
    tooMany: 'This company has 30 tags already.',
    kind: 'Kind',
    kindDo: 'Change {{n}} {{n|company|companies}}',
    kindDone: '{{n}} {{n|company|companies}} changed',
    site: 'Site',
    siteDo: 'Hand over {{n}} {{n|company|companies}}',
    siteDone: '{{n}} {{n|company|companies}} handed over',
    archive: 'Archive',
    archiveHint: 'An inactive company stays readable, with its opportunities. It is no longer offered.',
    archiveDo: 'Archive {{n}} {{n|company|companies}}',
    archiveDone: '{{n}} {{n|company|companies}} archived',
    revive: 'Reactivate',
    reviveDo: 'Reactivate {{n}} {{n|company|companies}}',
    reviveDone: '{{n}} {{n|company|companies}} reactivated',
  },
};
