/** The events that webhooks can be told. The compiler finds one that the server has and this list lacks. */
import { WebhookEvent } from '../../../api/models/webhook-event';

const ALL: Record<WebhookEvent, true> = {
  'opportunite.created': true,
  'opportunite.moved': true,
  'opportunite.edited': true,
  'opportunite.assigned': true,
  'entreprise.created': true,
  'entreprise.updated': true,
  'stagiaire.added': true,
  'stagiaire.edited': true,
  'stagiaire.removed': true,
  'attendance.marked': true,
  'document.made': true,
  'attachment.added': true,
  'attachment.replaced': true,
  'attachment.renamed': true,
  'attachment.removed': true,
  'attachment.quarantined': true,
  'note.written': true,
  'note.changed': true,
  'note.deleted': true,
  'tache.given': true,
  'tache.changed': true,
  'tache.done': true,
  'tache.deleted': true,
  'tache.due': true,
  'produit.created': true,
  'produit.updated': true,
  'produit.deleted': true,
  'connecteur.run': true,
  'plugin.state': true,
};
export const EVENTS = Object.keys(ALL) as readonly WebhookEvent[];

/** The last part of the key of an event's text. */
export function textOf(event: string): string {
  return event.replace('.', '_');
}
