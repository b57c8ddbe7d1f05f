/**
 * A select over rows of the form's record. If only one fits it is chosen at once. An optional choice can be removed.
 */
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Format, TxtPipe } from '../i18n/pipes';
import { FORM_CONTEXT } from './context';
import { rowChoices } from './row-choices';
import { FieldSpec, Json } from './schema';

@Component({
  selector: 'afpi-row-choice',
  imports: [TranslocoPipe, TxtPipe],
  template: `
    <select
      class="input"
      [id]="inputId()"
      [disabled]="readonly()"
      [attr.aria-required]="spec().required || null"
      [attr.aria-invalid]="invalid() ? 'true' : null"
      [attr.aria-describedby]="describedBy()"
      (change)="take($any($event.target).value)"
    >
      <option value="" [selected]="!chosen()">{{ choices().length ? '—' : ('form.noChoice' | transloco) }}</option>
      @for (option of choices(); track option.value) {
        <option [value]="option.value" [selected]="option === chosen()">{{ option.label | txt }}</option>
      }
    </select>
  `,
  styles: `
    :host {
      display: block;
    }
    select {
      width: 100%;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RowChoice {
  readonly spec = input.required<FieldSpec>();
  readonly value = input<Json | undefined>();
  readonly inputId = input.required<string>();
  readonly readonly = input(false);
  readonly invalid = input(false);
  readonly describedBy = input<string | null>(null);
  readonly choose = output<Json>();

  readonly #context = inject(FORM_CONTEXT);
  readonly #format = inject(Format);
  protected readonly choices = computed(() => {
    const [source, written] = [this.spec().rows, this.#context().written];
    return source && written ? rowChoices(source, written, this.#format) : [];
  });
  protected readonly chosen = computed(() => this.choices().find(({ value }) => value === this.value()));

  constructor() {
    effect(() => {
      const [only, ...others] = this.choices();
      const open = this.spec().required ? this.value() !== only?.value : this.value() === undefined;
      if (only && others.length === 0 && open) this.choose.emit(only.value);
    });
  }

  protected take(text: string): void {
    this.choose.emit(this.choices().find(({ value }) => String(value) === text)?.value ?? null);
  }
}
