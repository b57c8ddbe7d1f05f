/** The trait that the offered records must have, chosen once for a whole list. */
import { Injectable, signal } from '@angular/core';

@Injectable()
export class TraitFilter {
  /** The lookup whose choices are filtered. */
  readonly lookup = signal<string | null>(null);
  /** Empty for any. */
  readonly trait = signal('');

  choose(lookup: string, trait: string): void {
    this.lookup.set(lookup);
    this.trait.set(trait);
  }
}
