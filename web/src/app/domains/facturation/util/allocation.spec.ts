import { Creance } from '../../../api/models/creance';
import { allocate } from './allocation';

function owed(number: string, dueOn: string, balance: number): Creance {
  return { number, dueOn, issuedOn: dueOn, balance } as Creance;
}

describe('allocation', () => {
  it('pays the oldest first, whatever the order of choice', () => {
    const pieces = [
      owed('F3', '2026-11-30', 51_240),
      owed('F1', '2026-10-01', 84_000),
      owed('F2', '2026-10-15', 105_000),
    ];
    const { shares, rest } = allocate(240_000, pieces);
    expect(shares.map(({ creance, amount, left }) => [creance.number, amount, left])).toEqual([
      ['F1', 84_000, 0],
      ['F2', 105_000, 0],
      ['F3', 51_000, 240],
    ]);
    expect(rest).toBe(0);
  });

  it('tells what no piece takes', () => {
    expect(allocate(170_000, [owed('F1', '2026-10-01', 168_048)])).toMatchObject({ rest: 1_952 });
    expect(allocate(-5, [owed('F1', '2026-10-01', 10)])).toMatchObject({ rest: 0, shares: [{ amount: 0, left: 10 }] });
  });
});
