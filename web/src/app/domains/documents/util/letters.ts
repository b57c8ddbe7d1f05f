/** Letters of reminder: what a person makes of a planned one. Pure. */
import { DocumentBatchPlanItem } from '../../../api/models/document-batch-plan-item';
import { NewReminderLetter } from '../../../api/models/new-reminder-letter';
import { addresses, allAddresses } from './addresses';

/** A letter as it is typed. */
export interface Letter {
  /** The chosen pieces. */
  pieces: string[];
  /** Addresses in one line. */
  to: string;
  subject: string;
  body: string;
}

/** The letter as it is planned. */
export function planned({ pieces, recipients, mail }: DocumentBatchPlanItem): Letter {
  return {
    pieces: pieces.map(({ id }) => id),
    to: recipients.join(', '),
    subject: mail?.subject ?? '',
    body: mail?.body ?? '',
  };
}

/** Can it be sent? A letter without an address is made only. */
export function sendable({ pieces, to, subject, body }: Letter): boolean {
  return pieces.length > 0 && allAddresses(to) && !!subject.trim() && !!body.trim();
}

/**
 * What is asked for. A text that nobody changed is left to the server: when an invoice was left out, it says what is owed
 * without it.
 */
export function asked(item: DocumentBatchPlanItem, letter: Letter): NewReminderLetter {
  const { subject, body } = planned(item);
  const typed = letter.subject !== subject || letter.body !== body;
  return {
    pieces: letter.pieces,
    to: addresses(letter.to),
    ...(typed ? { mail: { subject: letter.subject, body: letter.body } } : {}),
  };
}
