/** Which lines of a board are shown, and in what order. Pure. */
import type { Line } from './board';

export interface Wanted {
  q: string;
  skill: string;
  onlyClashes: boolean;
}

/** The lines that match, by site. The line of what has nobody comes first, and is no trainer whom a skill could name. */
export function shownLines(lines: readonly Line[], { q, skill, onlyClashes }: Wanted): Line[] {
  const words = folded(q).split(/\s+/).filter(Boolean);
  return lines
    .filter((line) => !skill || line.id === null || line.skills.includes(skill))
    .filter((line) => !onlyClashes || line.clashes > 0)
    .filter((line) => {
      if (!words.length) return true;
      const sessions = line.cells.flatMap(({ entries }) => entries.map(({ session }) => session));
      const texts = [line.name, ...sessions.map(({ numero, title }) => `${numero} ${title}`)].map(folded);
      return texts.some((text) => words.every((word) => text.includes(word)));
    })
    .sort((one, other) => one.site.localeCompare(other.site, 'fr'));
}

/** All skills of these lines, each once, by name. */
export function skillsOf(lines: readonly Pick<Line, 'skills'>[]): string[] {
  return [...new Set(lines.flatMap(({ skills }) => skills))].sort((one, other) => one.localeCompare(other, 'fr'));
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
