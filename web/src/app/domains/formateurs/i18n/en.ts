/** English texts of the domain formateurs. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  formateurs: {
    name: 'Name',
    sites: 'Sites',
    one: 'Trainer',
    create: 'New trainer',
    edit: 'Edit the trainer',
    search: 'Name, skill…',
    kind: 'Status',
    allKinds: 'All statuses',
    kinds: { permanent: 'Permanent', vacataire: 'Freelance' },
    withInactive: 'Include inactive',
    none: 'No trainer',
    noneText: 'No trainer matches here.',
    skill: 'Skill',
    anySkill: 'All',
    skills: 'Skills',
    certifications: 'Certifications',
    hasExpired: '{{name}}: expired on {{day}}',
    expires: '{{name}}: expires in {{n}} day{{n||s}}',
    planning: 'Schedule',
    away: 'away',
    free: 'free',
    hourlyRate: 'Hourly rate',
    noCertification: 'No certification',
    shared: 'network',
    unavailability: 'Absences',
  },
};
