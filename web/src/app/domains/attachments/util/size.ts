/** Sizes of files for people, in the units of their system: 1 Ko is 1024 bytes. Pure. */
const STEP = 1024;
const UNITS = { fr: ['o', 'Ko', 'Mo', 'Go'], en: ['B', 'KB', 'MB', 'GB'] };

/** `1,4 Mo`. `tag` is the language tag. */
export function formatSize(bytes: number, tag: string): string {
  const units = tag.startsWith('en') ? UNITS.en : UNITS.fr;
  let [value, unit] = [bytes, 0];
  while (value >= STEP && unit < units.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const digits = unit > 1 && value < 10 ? 1 : 0;
  const shown = new Intl.NumberFormat(tag, { maximumFractionDigits: digits, useGrouping: false }).format(value);
  return `${shown}\u00a0${units[unit] ?? ''}`;
}
