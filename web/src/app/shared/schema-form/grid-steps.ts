/** Where a key leads in a grid. Pure, but for reading the input's caret. */

export type Step = 'up' | 'down' | 'left' | 'right' | 'next-row' | 'add';

/**
 * The step of this key in a cell, or `null` if the input keeps the key: arrows in its list of suggestions, inside a
 * text, or to choose an option.
 */
export function stepOf(event: KeyboardEvent, rows: number, row: number, lastCell: boolean): Step | null {
  const input = event.target;
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented) return null;
  const choosing = input instanceof Element && input.getAttribute('aria-expanded') === 'true';
  if (choosing && event.key.startsWith('Arrow')) return null;
  const last = row === rows - 1;
  switch (event.key) {
    case 'Enter':
      if (event.shiftKey) return row > 0 ? 'up' : null;
      return last ? 'add' : 'down';
    case 'Tab':
      return !event.shiftKey && lastCell && !last ? 'next-row' : null;
    case 'ArrowUp':
      return input instanceof HTMLSelectElement || event.shiftKey || row === 0 ? null : 'up';
    case 'ArrowDown':
      return input instanceof HTMLSelectElement || event.shiftKey || last ? null : 'down';
    case 'ArrowLeft':
      return !event.shiftKey && at(input, 'start') ? 'left' : null;
    case 'ArrowRight':
      return !event.shiftKey && at(input, 'end') ? 'right' : null;
    default:
      return null;
  }
}

/** Is the caret at this end, or the whole text selected, as after entering a cell? */
function at(input: EventTarget | null, end: 'start' | 'end'): boolean {
  if (!(input instanceof HTMLInputElement) || input.type === 'checkbox') return true;
  const { selectionStart: from, selectionEnd: to, value } = input;
  if (from === null || to === null) return true;
  if (from === 0 && to === value.length) return true;
  return from === to && from === (end === 'start' ? 0 : value.length);
}
