/** Finds a company by name, SIRET or city while typing; a form control whose value is the company picked. */
import { ChangeDetectionStrategy, Component, computed, effect, forwardRef, inject, input, resource, signal } from '@angular/core';
import { ControlValueAccessor, NG_VALUE_ACCESSOR } from '@angular/forms';
import { MatAutocomplete, MatAutocompleteSelectedEvent, MatAutocompleteTrigger, MatOption } from '@angular/material/autocomplete';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listEntreprises } from '../../../api/fn/entreprises/list-entreprises';
import { formatSiret } from '../../../shared/forms/siret';

export interface PickedEntreprise {
  id: string;
  name: string;
  detail: string;
}

const PAUSE_MS = 200;

@Component({
  selector: 'afpi-entreprise-picker',
  imports: [MatAutocomplete, MatAutocompleteTrigger, MatOption, TranslocoPipe],
  template: `
    <input class="input" type="text" autocomplete="off" [id]="inputId()" [disabled]="disabled()" [matAutocomplete]="auto" [value]="shown()" [placeholder]="'picker.placeholder' | transloco"
      [attr.aria-invalid]="invalid() ? 'true' : null" [attr.aria-describedby]="invalid() ? inputId() + '-error' : null" (input)="typed($event)" (blur)="touched()" />
    <mat-autocomplete #auto [displayWith]="name" [requireSelection]="true" (optionSelected)="pick($event)">
      @for (item of found(); track item.id) {
        <mat-option [value]="item"><span class="strong">{{ item.name }}</span>&ngsp;<span class="muted small">{{ item.detail }}</span></mat-option>
      }
      @if (none()) { <mat-option disabled>{{ 'picker.none' | transloco }}</mat-option> }
    </mat-autocomplete>
    @if (value(); as picked) { <p class="field-hint">{{ picked.detail }}</p> }
  `,
  providers: [{ provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => EntreprisePicker), multi: true }],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EntreprisePicker implements ControlValueAccessor {
  readonly inputId = input.required<string>();
  readonly invalid = input(false);

  readonly #api = inject(Api);
  protected readonly value = signal<PickedEntreprise | null>(null);
  protected readonly disabled = signal(false);
  protected readonly shown = computed(() => this.value()?.name ?? '');
  readonly #text = signal('');
  readonly #settled = signal('');
  #changed: (value: PickedEntreprise | null) => void = () => undefined;
  protected touched: () => void = () => undefined;

  readonly #results = resource({
    params: () => this.#settled() || undefined,
    loader: async ({ params }) => {
      const { data } = await this.#api.invoke(listEntreprises, { q: params, limit: 12, active: true });
      return data.map(({ id, name, siret, address, localisation }): PickedEntreprise => ({
        id, name, detail: [siret && formatSiret(siret), address.city, localisation.name].filter(Boolean).join(' · '),
      }));
    },
  });
  protected readonly found = computed(() => (this.#results.hasValue() ? this.#results.value() : []));
  protected readonly none = computed(() => this.#settled() !== '' && this.#results.status() === 'resolved' && this.found().length === 0);

  constructor() {
    effect((cleanup) => {
      const text = this.#text().trim();
      const timer = setTimeout(() => { this.#settled.set(text); }, PAUSE_MS);
      cleanup(() => { clearTimeout(timer); });
    });
  }

  protected readonly name = (item: PickedEntreprise | string | null): string => (typeof item === 'string' ? item : (item?.name ?? ''));

  writeValue(value: PickedEntreprise | null): void { this.value.set(value); }
  registerOnChange(changed: (value: PickedEntreprise | null) => void): void { this.#changed = changed; }
  registerOnTouched(touched: () => void): void { this.touched = touched; }
  setDisabledState(disabled: boolean): void { this.disabled.set(disabled); }

  protected typed(event: Event): void {
    this.#text.set((event.target as HTMLInputElement).value);
    if (this.value()) {
      this.value.set(null);
      this.#changed(null);
    }
  }
  protected pick(event: MatAutocompleteSelectedEvent): void {
    const picked = event.option.value as PickedEntreprise;
    this.value.set(picked);
    this.#changed(picked);
  }
}
