/** Polls while something runs, pauses while the page is hidden, and stops with the component. */
import { DestroyRef, inject } from '@angular/core';

const PAUSE_MS = 1500;

/** Call in an injection context. */
export function pollWhile(live: () => boolean, ask: () => unknown, pauseMs = PAUSE_MS): void {
  const timer = setInterval(() => {
    if (!document.hidden && live()) void ask();
  }, pauseMs);
  inject(DestroyRef).onDestroy(() => {
    clearInterval(timer);
  });
}
