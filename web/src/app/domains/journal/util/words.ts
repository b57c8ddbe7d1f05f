/** The texts of the journal, and the link of a line. */
import { JournalAct } from '../../../api/models/journal-act';
import { JournalChange } from '../../../api/models/journal-change';
import { JournalSubject } from '../../../api/models/journal-subject';
import { JournalSubjectKind } from '../../../api/models/journal-subject-kind';

export const KINDS: readonly JournalSubjectKind[] = [
  'opportunite',
  'entreprise',
  'formateur',
  'salle',
  'produit',
  'localisation',
  'entite_legale',
  'session',
  'stagiaire',
  'objectif',
  'user',
  'api_key',
  'webhook',
  'plugin',
  'plugin_key',
  'connecteur',
  'import',
  'queue',
  'job',
  'role',
  'export',
  'facturation',
  'conservation',
  'sign_in',
];

export const ACTS: readonly JournalAct[] = [
  'created',
  'edited',
  'moved',
  'assigned',
  'deleted',
  'binned',
  'restored',
  'refused',
  'signed_in',
  'sign_in_refused',
  'signed_out',
  'password_set',
  'sessions_ended',
  'link_sent',
  'second_factor_set',
  'second_factor_removed',
  'recovery_codes_renewed',
  'installed',
  'activated',
  'rolled_back',
  'discarded',
  'removed',
  'switched_on',
  'switched_off',
  'quarantined',
  'released',
  'recording_started',
  'recording_stopped',
  'recording_deleted',
  'trusted',
  'revoked',
  'run_started',
  'run_applied',
  'run_undone',
  'run_cancelled',
  'conflicts_settled',
  'exported',
  'paused',
  'resumed',
  'retried',
  'secret_renewed',
];

/** The page of an existing record. Other subjects have no page. */
export function page(subject: JournalSubject): readonly string[] | null {
  switch (subject.kind) {
    case 'opportunite':
      return subject.name ? ['/opportunites', subject.id] : null;
    case 'entreprise':
      return subject.name ? ['/entreprises', subject.id] : null;
    case 'formateur':
      return subject.name ? ['/formateurs', subject.id] : null;
    case 'salle':
      return subject.name ? ['/salles', subject.id] : null;
    case 'produit':
      return subject.name ? ['/catalogue'] : null;
    case 'localisation':
    case 'entite_legale':
      return subject.name ? ['/entites'] : null;
    case 'session':
      return subject.name ? ['/sessions', subject.id] : null;
    case 'plugin':
      return subject.name ? ['/plugins', subject.id] : null;
    case 'connecteur':
      return subject.name ? ['/connecteurs', subject.id] : null;
    default:
      return null;
  }
}

/** A field's name without its slash: `/address/city` is `address.city`. */
export function fieldName(change: JournalChange): string {
  return change.field.replace(/^\//, '').replaceAll('/', '.');
}

/** A value for people; nothing for an empty one. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.map(shown).filter(Boolean).join(', ');
  if (typeof value === 'object') {
    const parts = Object.entries(value)
      .map(([name, part]) => [name, shown(part)])
      .filter(([, part]) => part);
    return parts.map(([name, part]) => `${name} : ${part}`).join(', ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
