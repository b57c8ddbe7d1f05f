/**
 * The eleven legal holidays of France (Code du travail, art. L3133-1), without those of Alsace-Moselle. Days are
 * `YYYY-MM-DD`.
 */

/** Month and day of the fixed ones. */
const FIXED = new Set(['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25']);
/** Days after Easter: Easter Monday, Ascension, Whit Monday. */
const MOVING = [1, 39, 50];
const DAY_MS = 86_400_000;

export function isHoliday(day: string): boolean {
  if (FIXED.has(day.slice(5))) return true;
  const since = (Date.parse(`${day}T00:00:00Z`) - easter(Number(day.slice(0, 4)))) / DAY_MS;
  return MOVING.includes(since);
}

/** Saturday, Sunday or a legal holiday. */
export function isDayOff(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).getUTCDay() % 6 === 0 || isHoliday(day);
}

/** Easter Sunday at midnight UTC, by the Gregorian computus of Meeus, Jones and Butcher. */
function easter(year: number): number {
  const a = year % 19;
  const [b, c] = [Math.floor(year / 100), year % 100];
  const g = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(sum / 31) - 1, (sum % 31) + 1);
}
