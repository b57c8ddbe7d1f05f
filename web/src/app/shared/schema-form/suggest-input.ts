/** A text with suggestions: records of the CRM that fill in the fields beside it. Any other text stays as typed. */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  Injector,
  inject,
  input,
  output,
  resource,
  signal,
  viewChild,
} from '@angular/core';
import {
  MatAutocomplete,
  MatAutocompleteSelectedEvent,
  MatAutocompleteTrigger,
  MatOption,
} from '@angular/material/autocomplete';
import { FORM_CONTEXT } from './context';
import { SUGGEST_SOURCES, Suggestion } from './sources';

const PAUSE_MS = 200;

@Component({
  selector: 'afpi-suggest-input',
  imports: [MatAutocomplete, MatAutocompleteTrigger, MatOption],
  template: `
    <input
      class="input"
      type="text"
      autocomplete="off"
      [id]="inputId()"
      [value]="text()"
      [readOnly]="readonly()"
      [matAutocomplete]="auto"
      [matAutocompleteDisabled]="readonly()"
      [attr.maxlength]="maxLength()"
      [attr.aria-required]="required() || null"
      [attr.aria-label]="label() || null"
      [attr.aria-invalid]="invalid() ? 'true' : null"
      [attr.aria-describedby]="describedBy()"
      (input)="read($event)"
      (change)="read($event)"
      (click)="ask(text())"
      (keydown.alt.arrowdown)="ask(text())"
      (blur)="sought.set(null)"
    />
    <mat-autocomplete #auto panelWidth="min(440px, 92vw)" [displayWith]="name" (optionSelected)="pick($event)">
      @for (one of found(); track $index) {
        <mat-option [value]="one"
          ><span class="strong">{{ one.label }}</span
          >&ngsp;<span class="muted small">{{ one.detail }}</span></mat-option
        >
      }
    </mat-autocomplete>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SuggestInput {
  /** The name of the records in `x-suggest`. */
  readonly from = input.required<string>();
  readonly inputId = input.required<string>();
  readonly text = input.required<string>();
  readonly readonly = input(false);
  readonly required = input(false);
  readonly invalid = input(false);
  readonly maxLength = input<number | null>(null);
  /** Where no label stands beside it. */
  readonly label = input('');
  readonly describedBy = input<string | null>(null);
  readonly typed = output<string>();
  readonly picked = output<Suggestion>();

  readonly #injector = inject(Injector);
  readonly #registered = inject(SUGGEST_SOURCES);
  readonly #context = inject(FORM_CONTEXT);
  private readonly trigger = viewChild.required(MatAutocompleteTrigger);
  /** The text for which suggestions are wanted; `null` for none. */
  protected readonly sought = signal<string | null>(null);
  #pause?: ReturnType<typeof setTimeout>;

  readonly #results = resource({
    params: () => {
      const text = this.sought();
      const source = this.#registered.find(({ name }) => name === this.from());
      return text === null || !source ? undefined : { text, source, site: this.#context().site };
    },
    loader: async ({ params: { text, source, site } }) => this.#injector.get(await source.load()).suggest(text, site),
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#pause);
    });
  }

  protected found(): Suggestion[] {
    return this.sought() !== null && this.#results.hasValue() ? this.#results.value() : [];
  }
  protected readonly name = (one: Suggestion | string | null): string =>
    one === null ? '' : typeof one === 'string' ? one : one.label;

  protected read(event: Event): void {
    const text = (event.target as HTMLInputElement).value;
    if (text === this.text()) return;
    this.typed.emit(text);
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.ask(text);
    }, PAUSE_MS);
  }
  protected ask(text: string): void {
    if (!this.readonly()) this.sought.set(text);
  }
  protected pick({ option }: MatAutocompleteSelectedEvent): void {
    clearTimeout(this.#pause);
    this.sought.set(null);
    this.trigger().closePanel();
    this.picked.emit(option.value as Suggestion);
  }
}
