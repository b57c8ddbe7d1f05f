/** The weeks of a month, Monday to Sunday, as days `YYYY-MM-DD`. Pure. */

const DAY_MS = 86_400_000;

export function monthGrid(month: string): string[][] {
  const first = new Date(`${month}-01T00:00:00Z`);
  const monday = first.getTime() - ((first.getUTCDay() + 6) % 7) * DAY_MS;
  const weeks: string[][] = [];
  for (let start = monday; new Date(start).toISOString().slice(0, 7) <= month; start += 7 * DAY_MS) {
    weeks.push(Array.from({ length: 7 }, (_, day) => new Date(start + day * DAY_MS).toISOString().slice(0, 10)));
  }
  return weeks;
}

export function shiftMonth(month: string, by: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + by);
  return date.toISOString().slice(0, 7);
}
