/** Times of day as people type them. */

/** « 08:30 » of « 8h30 », « 8:30 », « 830 », « 8 » or « 8 h »; the text itself when it is no time. */
export function clockOf(text: string): string {
  const [, hours, minutes = '0'] = /^\s*(\d{1,2})\s*[h:.]?\s*(\d{2})?\s*$/i.exec(text) ?? [];
  if (!hours || Number(hours) > 23 || Number(minutes) > 59) return text;
  return `${hours.padStart(2, '0')}:${minutes.padStart(2, '0')}`;
}
