/** Follows a pointer over the cells of a board, from the press on one to the release over another. */
import { Place } from '../../util/planning/walk';

/** Less is a click, in pixels. */
const SLACK = 5;
/** So close to the edge, the board scrolls along. */
const EDGE = 40;

export interface Follower {
  /** The pointer has moved. False: nothing can be dragged here. */
  start(): boolean;
  over(place: Place | null, x: number, y: number): void;
  drop(place: Place | null): void;
  cancel(): void;
  click(): void;
}

/** The place of the cell that contains this element; with a point, of the cell below it: bars reach over cells. */
export function placeAt(element: Element | null, at?: { clientX: number; clientY: number }): Place | null {
  const stack = at ? document.elementsFromPoint(at.clientX, at.clientY) : [];
  const cell = stack.find((one) => one.matches('td[data-at]')) ?? element?.closest('[data-at]');
  const [row, column] = (cell?.getAttribute('data-at') ?? '').split(':').map(Number);
  return row === undefined || column === undefined ? null : { row, column };
}

/** The key of the bar that contains this element. */
export function barAt(element: Element): string | null {
  return element.closest('[data-bar]')?.getAttribute('data-bar') ?? null;
}

export function follow(press: PointerEvent, follower: Follower): void {
  const end = new AbortController();
  const options = { signal: end.signal };
  const scroller = (press.target as Element).closest('.scroll');
  // A finger scrolls: it opens, and does not drag.
  const mayDrag = press.pointerType !== 'touch';
  let dragging = false;
  const stop = (): void => {
    end.abort();
    document.body.classList.remove('dragging');
  };
  const move = (event: PointerEvent): void => {
    if (!dragging) {
      if (!mayDrag || Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) < SLACK) return;
      if (!follower.start()) {
        stop();
        return;
      }
      dragging = true;
      document.body.classList.add('dragging');
    }
    event.preventDefault();
    if (scroller) along(scroller, event);
    follower.over(placeAt(null, event), event.clientX, event.clientY);
  };
  document.addEventListener('pointermove', move, options);
  document.addEventListener(
    'pointerup',
    (event) => {
      stop();
      if (dragging) follower.drop(placeAt(null, event));
      else follower.click();
    },
    options,
  );
  const cancel = (): void => {
    stop();
    if (dragging) follower.cancel();
  };
  document.addEventListener('pointercancel', cancel, options);
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      cancel();
    },
    { ...options, capture: true },
  );
}

function along(scroller: Element, { clientX, clientY }: PointerEvent): void {
  const { left, right, top, bottom } = scroller.getBoundingClientRect();
  const by = (low: number, high: number, at: number): number => (at < low + EDGE ? -14 : at > high - EDGE ? 14 : 0);
  scroller.scrollBy(by(left, right, clientX), by(top, bottom, clientY));
}
