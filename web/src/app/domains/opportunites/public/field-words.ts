/** The words that a field of an opportunité may have, as the server describes them. */
import { Injectable, inject } from '@angular/core';
import { Text } from '../../../api/models/text';
import { Descriptions } from '../../../shared/columns/descriptions';
import { Format } from '../../../shared/i18n/pipes';

@Injectable({ providedIn: 'root' })
export class FieldWords {
  readonly #descriptions = inject(Descriptions);
  readonly #format = inject(Format);

  constructor() {
    void this.#descriptions.read();
  }

  /** None until the description is read. */
  of(field: 'origine' | 'lostReason'): { word: string; label: Text }[] {
    return this.#descriptions.fields('opportunite').find(({ name }) => name === field)?.words ?? [];
  }

  /** What people call a word; the word itself until the description is read. */
  label(field: 'origine' | 'lostReason', word: string): string {
    return this.#format.text(this.of(field).find((one) => one.word === word)?.label) || word;
  }
}
