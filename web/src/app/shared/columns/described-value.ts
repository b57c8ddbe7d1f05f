/** A described field's value for people: in lists, and in the journal. */
import { Injectable, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { DescriptionField } from '../../api/models/description-field';
import { Text } from '../../api/models/text';
import { countryName } from '../i18n/countries';
import { Format } from '../i18n/pipes';

@Injectable({ providedIn: 'root' })
export class DescribedValue {
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);

  /** Nothing for an empty value. */
  text(field: DescriptionField, value: unknown): string {
    if (value === null || value === undefined) return '';
    if (Array.isArray(value)) return value.filter((word) => typeof word === 'string').join(', ');
    if (typeof value === 'boolean') return this.#transloco.translate(value ? 'common.yes' : 'common.no');
    if (typeof value === 'number') {
      return field.shape === 'cents' ? this.#format.money(value) : this.#format.count(value);
    }
    if (typeof value === 'object') return 'fr' in value ? this.#format.text(value as Text) : '';
    return typeof value === 'string' ? this.#word(field, value) : '';
  }

  #word(field: DescriptionField, word: string): string {
    switch (field.shape) {
      case 'instant':
      case 'day':
        return this.#format.day(word);
      case 'country':
        return countryName(word, this.#format.tag);
      case 'word':
        return this.#format.text(field.words?.find((one) => one.word === word)?.label) || word;
      default:
        return word;
    }
  }
}
