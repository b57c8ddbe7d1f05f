/** French typography that plain spaces do not give. Pure. */

/**
 * The spaces inside guillemets and before `: ; ! ? % €` do not break, so that no line begins with a colon. The wide
 * no-break space replaces the narrow one, which the font draws without width.
 */
export function bound(text: string): string {
  return text.replace(/ (?=[:;!?»%€])|(?<=«) /g, '\u00a0');
}

/** The same for every text of a dictionary. */
export function boundAll<T extends object>(words: T): T {
  return Object.fromEntries(
    Object.entries(words).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string' ? bound(value) : boundAll(value as object),
    ]),
  ) as T;
}
