/** A board as it will be when the server agrees to a change. Pure. */
import { PlanningBoard } from '../../../../api/models/planning-board';
import { PlanningHalfDay } from '../../../../api/models/planning-half-day';
import { SessionHalfDayRow } from '../../../../api/models/session-half-day-row';
import { Move, sameRow } from './moves';

/** The row of the session behind a half-day of the board. */
export function rowOf({ day, half, formateur, salle }: PlanningHalfDay): SessionHalfDayRow {
  return { day, half, formateurId: formateur ?? null, salleId: salle ?? null };
}

/** The board after these moves of a session. */
export function shifted(board: PlanningBoard, session: string, moves: readonly Move[]): PlanningBoard {
  const halfDays = board.halfDays.map((one) => {
    const move = one.sessionId === session ? moves.find(({ from }) => sameRow(rowOf(one), from)) : undefined;
    if (!move) return one;
    const { day, half, formateurId, salleId } = move.to;
    return { ...one, day, half, formateur: formateurId ?? null, salle: salleId ?? null };
  });
  return { ...board, halfDays };
}
