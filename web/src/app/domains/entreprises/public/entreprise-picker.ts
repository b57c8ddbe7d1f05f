/**
 * Finds a company by name, SIRET or city during typing, or creates it. A form control whose value is the chosen
 * company.
 */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  computed,
  effect,
  forwardRef,
  inject,
  input,
  resource,
  signal,
  viewChild,
} from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { ControlValueAccessor, NG_VALIDATORS, NG_VALUE_ACCESSOR, ValidationErrors, Validator } from '@angular/forms';
import {
  MatAutocomplete,
  MatAutocompleteSelectedEvent,
  MatAutocompleteTrigger,
  MatOption,
} from '@angular/material/autocomplete';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { listEntreprises } from '../../../api/fn/entreprises/list-entreprises';
import { Session } from '../../../shared/auth/session';
import { HalfTyped, TypedInput } from '../../../shared/forms/half-typed';
import { formatSiret } from '../../../shared/forms/siret';
import { Icon } from '../../../shared/ui/icon';

export interface PickedEntreprise {
  id: string;
  name: string;
  detail: string;
}

const PAUSE_MS = 200;
/** The option that creates a company. */
const CREATE = 'create';

@Component({
  selector: 'afpi-entreprise-picker',
  imports: [Icon, MatAutocomplete, MatAutocompleteTrigger, MatOption, TranslocoPipe],
  template: `
    <input
      #field
      class="input"
      type="text"
      autocomplete="off"
      [id]="inputId()"
      [disabled]="disabled()"
      [matAutocomplete]="auto"
      [placeholder]="'picker.placeholder' | transloco"
      aria-required="true"
      [attr.aria-invalid]="invalid() ? 'true' : null"
      [attr.aria-describedby]="invalid() ? inputId() + '-error' : null"
      (input)="read()"
      (change)="read()"
      (blur)="touched()"
    />
    <mat-autocomplete #auto [displayWith]="name" (optionSelected)="pick($event)">
      @for (item of found(); track item.id) {
        <mat-option [value]="item"
          ><span class="strong">{{ item.name }}</span
          >&ngsp;<span class="muted small">{{ item.detail }}</span></mat-option
        >
      }
      @if (none()) {
        <mat-option disabled>{{ 'picker.none' | transloco }}</mat-option>
      }
      @if (mayCreate && sought()) {
        <mat-option [value]="create"
          ><afpi-icon name="plus" [size]="15" /> {{ 'picker.create' | transloco: { name: sought() } }}</mat-option
        >
      }
    </mat-autocomplete>
    @if (value(); as picked) {
      <p class="field-hint">{{ picked.detail }}</p>
    }
  `,
  providers: [
    { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => EntreprisePicker), multi: true },
    { provide: NG_VALIDATORS, useExisting: forwardRef(() => EntreprisePicker), multi: true },
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EntreprisePicker implements ControlValueAccessor, Validator, TypedInput {
  readonly inputId = input.required<string>();
  readonly invalid = input(false);

  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #halfTyped = inject(HalfTyped);
  readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  protected readonly create = CREATE;
  protected readonly mayCreate = inject(Session).can('entreprises:write');
  protected readonly value = signal<PickedEntreprise | null>(null);
  protected readonly disabled = signal(false);
  readonly #text = signal('');
  readonly #settled = signal('');
  /** A name was typed, and no company chosen. */
  readonly wrong = computed(() => this.#text().trim() !== '' && !this.value());
  #changed: (value: PickedEntreprise | null) => void = () => undefined;
  protected touched: () => void = () => undefined;

  readonly #results = resource({
    params: () => this.#settled() || undefined,
    loader: async ({ params }) => {
      const { data } = await this.#api.invoke(listEntreprises, { q: params, limit: 12, active: true });
      return data.map(({ id, name, siret, address, localisation }): PickedEntreprise => ({
        id,
        name,
        detail: [siret && formatSiret(siret), address.city, localisation.name].filter(Boolean).join(' · '),
      }));
    },
  });
  protected readonly found = computed(() => (this.#results.hasValue() ? this.#results.value() : []));
  protected readonly none = computed(
    () => this.#settled() !== '' && this.#results.status() === 'resolved' && this.found().length === 0,
  );
  /** The searched text, once its answer has arrived. */
  protected readonly sought = computed(() => (this.#results.status() === 'resolved' ? this.#settled() : ''));

  constructor() {
    inject(DestroyRef).onDestroy(this.#halfTyped.add(this));
    effect((cleanup) => {
      const text = this.value() ? '' : this.#text().trim();
      const timer = setTimeout(() => {
        this.#settled.set(text);
      }, PAUSE_MS);
      cleanup(() => {
        clearTimeout(timer);
      });
    });
  }

  protected readonly name = (item: PickedEntreprise | string | null): string =>
    typeof item === 'string' ? this.#text() : (item?.name ?? '');

  writeValue(value: PickedEntreprise | null): void {
    this.#show(value);
  }
  registerOnChange(changed: (value: PickedEntreprise | null) => void): void {
    this.#changed = changed;
  }
  registerOnTouched(touched: () => void): void {
    this.touched = touched;
  }
  setDisabledState(disabled: boolean): void {
    this.disabled.set(disabled);
  }
  validate(): ValidationErrors | null {
    return this.wrong() ? { pick: true } : null;
  }

  read(): void {
    const text = this.field().nativeElement.value;
    if (text === this.#text()) return;
    this.#text.set(text);
    this.value.set(null);
    this.#changed(null);
    this.#halfTyped.changed();
  }
  tell(): void {
    this.touched();
  }
  drop(): void {
    this.#show(null);
  }

  protected pick(event: MatAutocompleteSelectedEvent): void {
    const chosen = event.option.value as PickedEntreprise | typeof CREATE;
    if (chosen === CREATE) {
      event.option.deselect(false);
      void this.#createOne();
    } else {
      this.#take(chosen);
    }
  }
  async #createOne(): Promise<void> {
    const { NewEntrepriseDialog } = await import('./new-entreprise-dialog');
    const ref = this.#dialog.open<PickedEntreprise | null>(NewEntrepriseDialog, {
      data: this.#text().trim(),
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'new-entreprise-title',
    });
    const created = await firstValueFrom(ref.closed);
    if (created) this.#take(created);
  }
  #take(picked: PickedEntreprise): void {
    this.#show(picked);
    this.#changed(picked);
    this.#halfTyped.changed();
  }
  #show(picked: PickedEntreprise | null): void {
    this.value.set(picked);
    this.#text.set(picked?.name ?? '');
    this.field().nativeElement.value = picked?.name ?? '';
  }
}
