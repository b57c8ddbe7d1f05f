/** Lines of a CSV file as the API writes it: `;` between values, quotes around those that need them. Pure. */

/** Its lines; a quoted value may have several. Each keeps its end. */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === '\n' && !quoted) {
      lines.push(text.slice(from, at + 1));
      from = at + 1;
    }
  }
  return from < text.length ? [...lines, text.slice(from)] : lines;
}

/** The head and the lines whose first value is one of these. */
export function onlyLines(text: string, first: ReadonlySet<string>): string {
  const [head = '', ...lines] = linesOf(text);
  return head + lines.filter((line) => first.has(/^"?([^";\r\n]*)/.exec(line)?.[1] ?? '')).join('');
}
