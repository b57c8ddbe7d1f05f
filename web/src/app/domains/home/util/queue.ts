/** The records that wait, grouped by what is to be done with them. Pure. */
import { OpportuniteItem } from '../../../api/models/opportunite-item';
import { Text } from '../../../api/models/text';

export interface Group {
  status: string;
  /** What is to be done: `Valider`. `null` when the moves of the workflow name results. */
  action: Text | null;
  /** The result that is awaited: `Devis accepté`. `null` when there is something to do, or no move. */
  question: Text | null;
  items: OpportuniteItem[];
  late: number;
  /** Cents. */
  amount: number;
}

/**
 * A group for each status, in the order of their first records: the overdue ones come first. In a group, what somebody
 * has sent back comes first: it is work that was done once.
 */
export function grouped(items: readonly OpportuniteItem[], onwards: (status: string) => Text[]): Group[] {
  return [...new Set(items.map(({ status }) => status))].map((status) => {
    const all = items.filter((item) => item.status === status);
    const some = [...all.filter(({ sentBack }) => sentBack), ...all.filter(({ sentBack }) => !sentBack)];
    const moves = onwards(status);
    const action = doing(moves);
    return {
      status,
      action,
      question: action ? null : (moves[0] ?? null),
      items: some,
      late: some.filter(({ late }) => late).length,
      amount: some.reduce((sum, { amount }) => sum + amount, 0),
    };
  });
}

/** The first move if its French name begins with a verb: then it says what to do. */
export function doing(moves: readonly Text[]): Text | null {
  const [first] = moves;
  return first && /^\p{L}+(er|ir|re)(\s|$)/u.test(first.fr) ? first : null;
}
