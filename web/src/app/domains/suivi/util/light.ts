/** Light Markdown as blocks to draw: paragraphs and lists, with bold parts and links. Never HTML. */

export interface Span {
  text: string;
  strong?: boolean;
  href?: string;
}

export interface Block {
  kind: 'text' | 'list';
  /** The lines of a paragraph, or the items of a list. */
  lines: Span[][];
}

const ITEM = /^\s*[-*•]\s+/;
const LINK = /https?:\/\/[^\s<>"]+[^\s<>"'.,;:!?)»]/gu;

/** `named`: the people that the text mentions as `@Name`. */
export function blocks(text: string, named: readonly string[] = []): Block[] {
  const found: Block[] = [];
  for (const paragraph of text.split(/\n\s*\n/u)) {
    for (const line of paragraph.split('\n').filter((one) => one.trim())) {
      const kind = ITEM.test(line) ? 'list' : 'text';
      const last = found.at(-1);
      const spans = inline(line.replace(ITEM, ''), named);
      if (last?.kind === kind && line !== paragraph.split('\n')[0]) last.lines.push(spans);
      else found.push({ kind, lines: [spans] });
    }
  }
  return found;
}

function inline(line: string, named: readonly string[]): Span[] {
  const spans: Span[] = [];
  line.split(/\*\*(.+?)\*\*/u).forEach((part, n) => {
    if (n % 2 === 1) spans.push({ text: part, strong: true });
    else if (part) spans.push(...linked(part).flatMap((span) => (span.href ? [span] : mentioned(span.text, named))));
  });
  return spans;
}

function linked(text: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const { index, 0: href } of text.matchAll(LINK)) {
    if (index > from) spans.push({ text: text.slice(from, index) });
    spans.push({ text: href, href });
    from = index + href.length;
  }
  if (from < text.length) spans.push({ text: text.slice(from) });
  return spans;
}

function mentioned(text: string, named: readonly string[]): Span[] {
  // The longest name first: « @Anne Martin » is not « @Anne ».
  const name = [...named].sort((a, b) => b.length - a.length).find((one) => text.includes(`@${one}`));
  if (!name) return text ? [{ text }] : [];
  const at = text.indexOf(`@${name}`);
  const end = at + name.length + 1;
  return [
    ...mentioned(text.slice(0, at), named),
    { text: text.slice(at, end), strong: true },
    ...mentioned(text.slice(end), named),
  ];
}

/** What somebody types after `@` before the caret, or null. */
export function typedName(before: string): string | null {
  return /(?:^|[\s(«"])@([\p{L}\p{N} .'’-]{0,40})$/u.exec(before)?.[1] ?? null;
}
