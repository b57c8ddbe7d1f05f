/** A list cell that shows a described field for people. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { DescriptionField } from '../../api/models/description-field';
import { Text } from '../../api/models/text';
import { countryName } from '../i18n/countries';
import { Format } from '../i18n/pipes';
import { TranslocoService } from '@jsverse/transloco';

@Component({
  // eslint-disable-next-line @angular-eslint/component-selector -- a cell must stay a `td`
  selector: 'td[afpiCell]',
  template: `{{ text() }}`,
  host: { '[attr.data-label]': 'label()', '[class.num]': 'number()', '[class.right]': 'number()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DescribedCell {
  readonly afpiCell = input.required<DescriptionField>();
  readonly item = input.required<object>();
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);
  protected readonly label = computed(() => this.#format.text(this.afpiCell().label));
  protected readonly number = computed(() => ['count', 'cents'].includes(this.afpiCell().shape));
  protected readonly text = computed(() => {
    const field = this.afpiCell();
    return this.#show(field, valueAt(this.item(), field.shows)) || '—';
  });

  #show(field: DescriptionField, value: unknown): string {
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

/** The value at a dotted path. */
export function valueAt(item: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], item);
}
