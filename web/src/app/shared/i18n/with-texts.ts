import { inject } from '@angular/core';
import { CanActivateFn } from '@angular/router';
import { Language, Texts } from './language';

/** A guard that opens a page when its texts are there. */
export function withTexts(texts: Texts): CanActivateFn {
  return async () => {
    await inject(Language).add(texts);
    return true;
  };
}
