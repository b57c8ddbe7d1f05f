/** Tells the parts of a page that files have changed: the list of files, and the checklists that files fill. */
import { Injectable, signal } from '@angular/core';

@Injectable({ providedIn: 'root' })
export class AttachmentNews {
  readonly #last = signal<{ count: number; by: object | null }>({ count: 0, by: null });
  /** How many changes were told, and who told the last one. */
  readonly last = this.#last.asReadonly();

  tell(by: object): void {
    this.#last.update(({ count }) => ({ count: count + 1, by }));
  }
}
