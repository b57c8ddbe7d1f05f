/** A list cell that shows a described field for people. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { DescriptionField } from '../../api/models/description-field';
import { Format } from '../i18n/pipes';
import { DescribedValue } from './described-value';

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
  readonly #values = inject(DescribedValue);
  protected readonly label = computed(() => this.#format.text(this.afpiCell().label));
  protected readonly number = computed(() => ['count', 'cents'].includes(this.afpiCell().shape));
  protected readonly text = computed(() => {
    const field = this.afpiCell();
    return this.#values.text(field, valueAt(this.item(), field.shows)) || '—';
  });
}

/** The value at a dotted path. */
export function valueAt(item: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], item);
}
