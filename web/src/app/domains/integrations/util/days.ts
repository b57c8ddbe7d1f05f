/** Days as the server writes them. */

/** The day in a year, `YYYY-MM-DD`: a key that is never renewed should end some day. */
export function inAYear(from: Date): string {
  const day = new Date(from);
  day.setFullYear(day.getFullYear() + 1);
  return dayOf(day);
}

/** The day of an instant, where the browser is. */
export function dayOf(at: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
