import { type Actor, denied, type Opportunite, type workflow } from 'afpi-plugin';

/** The part that decides, of a relay in which only managers win. */
export function win(subject: Opportunite, actor: Actor): workflow.Decision {
  if (actor.role !== 'manager') throw denied('Réservé aux managers.', 'For managers only.');
  return {
    section: subject.section,
    status: 'won',
    outcome: 'won',
    amount: subject.amount,
    due: null,
    data: subject.data,
    state: subject.state,
    steps: [{ transition: 'win', source: subject.status, target: 'won', reason: '' }],
    facts: [{ kind: 'gagne', day: '2026-01-05', amount: subject.amount, key: '' }],
    bookings: null,
    numberings: [],
  };
}
