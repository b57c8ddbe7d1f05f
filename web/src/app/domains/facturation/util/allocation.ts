/** How money that came in once is divided among the pieces that it pays. The server does the same. */
import { Creance } from '../../../api/models/creance';

/** What each piece gets, in cents. */
export interface Share {
  creance: Creance;
  amount: number;
  /** What is still owed on it. */
  left: number;
}

export interface Allocation {
  shares: Share[];
  /** What no piece takes. */
  rest: number;
}

/** Fills one balance after the other: by due day, then day of issue, then number. */
export function allocate(amount: number, creances: readonly Creance[]): Allocation {
  let rest = Math.max(0, amount);
  const shares = [...creances].sort(oldestFirst).map((creance) => {
    const taken = Math.min(rest, Math.max(0, creance.balance));
    rest -= taken;
    return { creance, amount: taken, left: creance.balance - taken };
  });
  return { shares, rest };
}

function oldestFirst(a: Creance, b: Creance): number {
  const key = ({ dueOn, issuedOn, number }: Creance): string => [dueOn ?? '', issuedOn ?? '', number ?? ''].join('\t');
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}
