/** The words that a field of an opportunité may have, as the server describes them. */
import { Injectable, inject } from '@angular/core';
import { Text } from '../../../api/models/text';
import { Descriptions } from '../../../shared/columns/descriptions';

@Injectable({ providedIn: 'root' })
export class FieldWords {
  readonly #descriptions = inject(Descriptions);

  constructor() {
    void this.#descriptions.read();
  }

  /** None until the description is read. */
  of(field: 'origine' | 'lostReason'): { word: string; label: Text }[] {
    return this.#descriptions.fields('opportunite').find(({ name }) => name === field)?.words ?? [];
  }

  label(field: 'origine' | 'lostReason', word: string): Text | string {
    return this.of(field).find((one) => one.word === word)?.label ?? word;
  }
}
