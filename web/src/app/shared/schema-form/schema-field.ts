/** One field of a schema form: label, the input its widget asks for, hint and message. */
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  forwardRef,
  inject,
  input,
  output,
  resource,
  signal,
} from '@angular/core';
import { FormsModule } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { DateInput } from '../forms/date-input';
import { MoneyInput } from '../forms/money-input';
import { NumberInput } from '../forms/number-input';
import { Format, TxtPipe } from '../i18n/pipes';
import { Fault, MOST_DECIMALS } from '../i18n/reading';
import { Icon } from '../ui/icon';
import { Edit, asList, asObject, inMember, replaceBy, ticked } from './edits';
import { FORM_CONTEXT } from './context';
import { Lookups, isId, meant, withTrait } from './lookups';
import { CoverageBar } from './coverage-bar';
import { GridField } from './grid-field';
import { LedgerField } from './ledger-field';
import { RowChoice } from './row-choice';
import { RowsField } from './rows-field';
import { FieldSpec, Json, fieldId, isList, plain } from './schema';
import { SUGGEST_SOURCES, Suggestion } from './sources';
import { SuggestInput } from './suggest-input';
import { TraitFilter } from './trait-filter';

@Component({
  selector: 'afpi-schema-field',
  imports: [
    DateInput,
    FormsModule,
    Icon,
    MoneyInput,
    NumberInput,
    RowChoice,
    SuggestInput,
    TranslocoPipe,
    TxtPipe,
    CoverageBar,
    forwardRef(() => GridField),
    forwardRef(() => LedgerField),
    forwardRef(() => RowsField),
    forwardRef(() => SchemaField),
  ],
  templateUrl: './schema-field.html',
  host: { class: 'field' },
  styles: `
    /* In a row of fields: on the line of their texts. */
    .check.bare {
      min-height: 38px;
    }
    .flags {
      display: grid;
      gap: 4px 18px;
      grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr));
    }
    fieldset {
      padding: 12px 14px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
    }
    legend {
      padding: 0 6px;
      font-size: 13px;
      font-weight: 550;
    }
    .shown {
      display: block;
      min-height: 22px;
      overflow-wrap: anywhere;
    }
    .shown.num {
      white-space: nowrap;
    }
    :host-context(td) .shown {
      padding: 8px 2px;
      overflow-wrap: break-word;
    }
    :host-context(td) select.input {
      padding-inline: 8px 22px;
      background-position:
        right 11px center,
        right 6px center;
    }
    .suffix {
      position: relative;
    }
    .suffix > i {
      position: absolute;
      top: 8px;
      right: 11px;
      color: var(--muted);
      font-style: normal;
      pointer-events: none;
    }
    .suffix > .input {
      padding-right: 28px;
      text-align: right;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SchemaField {
  readonly spec = input.required<FieldSpec>();
  readonly value = input<Json | undefined>();
  readonly pointer = input.required<string>();
  readonly errors = input<ReadonlyMap<string, string>>(new Map());
  readonly locked = input(false);
  /** Inside a table the column header is the label; it stays for screen readers. */
  readonly bare = input(false);
  /** An edit for the present value. */
  readonly edit = output<Edit>();
  /** A chosen suggestion, for the fields beside this one. */
  readonly picked = output<Suggestion>();

  readonly #format = inject(Format);
  readonly #lookups = inject(Lookups);
  readonly #context = inject(FORM_CONTEXT);
  readonly #site = computed(() => this.#context().site);
  readonly #suggested = inject(SUGGEST_SOURCES);
  readonly #transloco = inject(TranslocoService);
  readonly #filter = inject(TraitFilter, { optional: true });

  protected readonly id = computed(() => fieldId(this.pointer()));
  protected readonly readonly = computed(() => this.locked() || this.spec().readonly);
  protected readonly message = computed(() => this.errors().get(this.pointer()) ?? '');
  protected readonly text = computed(() => plain(this.value()));
  protected readonly object = computed(() => asObject(this.value()));
  protected readonly list = computed(() => asList(this.value()));
  protected readonly number = computed(() => (typeof this.value() === 'number' ? (this.value() as number) : null));
  /** Required now, or before the document is complete. */
  protected readonly starred = computed(() => this.spec().required || this.spec().needed);
  /** Values chosen among records of the CRM instead of the schema. */
  protected readonly lookup = computed(() => {
    const { lookup } = this.spec();
    return this.#lookups.has(lookup) ? lookup : null;
  });
  /** A whole number is drawn like any number, and all records are chosen alike. */
  protected readonly drawn = computed(() => {
    const { suggest, widget } = this.spec();
    if (this.lookup()) return 'lookup';
    if (widget === 'integer') return 'number';
    return widget === 'text' && this.#suggested.some(({ name }) => name === suggest) ? 'suggest' : widget;
  });
  /** A list of texts as it is being typed, with its empty lines. */
  protected readonly listed = signal<string | null>(null);
  protected readonly tags = computed(() => {
    const [typed, items] = [this.listed(), this.list().map(plain)];
    return typed !== null && linesOf(typed).join('\n') === items.join('\n') ? typed : items.join('\n');
  });
  protected readonly hint = computed(() => this.#format.text(this.spec().hint));
  protected readonly describedBy = computed(() =>
    this.message() ? `${this.id()}-error` : this.hint() && !this.bare() ? `${this.id()}-hint` : null,
  );
  protected readonly labelled = computed(
    () =>
      !this.bare() &&
      !isList(this.spec().widget) &&
      !['switch', 'group', 'flags', 'checklist'].includes(this.spec().widget),
  );
  protected readonly choices = resource({
    params: () => {
      const of = this.lookup();
      return of ? { of, site: this.#site() } : undefined;
    },
    loader: ({ params }) => this.#lookups.choices(params.of, params.site),
  });
  protected readonly choice = computed(() =>
    this.choices.hasValue() ? meant(this.choices.value(), this.text()) : undefined,
  );
  /** The offered choices: those with the wanted trait, and the chosen one. */
  protected readonly offered = computed(() => {
    const choices = this.choices.hasValue() ? this.choices.value() : [];
    const filter = this.#filter;
    if (filter?.lookup() !== this.lookup()) return choices;
    const fitting = withTrait(choices, filter.trait());
    return choices.filter((one) => fitting.includes(one) || one === this.choice());
  });
  /** The traits of the chosen one. */
  protected readonly traits = computed(() => this.choice()?.traits.join(', ') ?? '');
  /** A value that is not among the choices stays readable. */
  protected readonly unlisted = computed(() => {
    if (!this.text() || !this.choices.hasValue() || this.choice()) return '';
    return isId(this.text()) ? this.#transloco.translate('form.notOffered') : this.text();
  });

  /** A read-only value is text, not a disabled input. */
  protected readonly asText = computed(
    () =>
      this.readonly() && !isList(this.spec().widget) && !['flags', 'checklist', 'group'].includes(this.spec().widget),
  );
  protected readonly display = computed(() => {
    const value = this.value();
    if (value === undefined || value === null || value === '') return '';
    if (this.lookup()) return this.choice()?.label ?? (this.unlisted() || '…');
    switch (this.spec().widget) {
      case 'money':
        return typeof value === 'number' ? this.#format.money(value) : '';
      case 'date':
        return this.#format.day(plain(value));
      case 'switch':
        return value === true ? '✓' : '';
      case 'select':
        return this.#format.text(this.spec().options.find((option) => option.value === value)?.label) || plain(value);
      case 'tags':
        return this.list().map(plain).join(', ');
      case 'number':
      case 'integer':
        return typeof value === 'number' ? this.#format.count(value, MOST_DECIMALS) : plain(value);
      default:
        return plain(value);
    }
  });

  protected why(fault: Fault): string {
    const [reason, values] = Object.entries(fault)[0] ?? ['number', true];
    return this.#transloco.translate(`form.${reason}`, values === true ? {} : values);
  }
  protected replace(value: Json): void {
    this.edit.emit(replaceBy(value));
  }
  protected suggested(one: Suggestion): void {
    this.replace(one.label);
    this.picked.emit(one);
  }
  protected typed(event: Event): void {
    this.replace((event.target as HTMLInputElement).value);
  }
  protected chosen(event: Event): void {
    const text = (event.target as HTMLSelectElement).value;
    this.replace(this.spec().options.find((option) => String(option.value) === text)?.value ?? (text || null));
  }
  protected split(event: Event): void {
    const text = (event.target as HTMLTextAreaElement).value;
    this.listed.set(text);
    this.replace(linesOf(text));
  }
  protected flag(key: string, event: Event): void {
    this.grow(key, replaceBy((event.target as HTMLInputElement).checked));
  }
  protected grow(key: string, edit: Edit): void {
    this.edit.emit(inMember(key, edit));
  }
  protected tick(option: Json, event: Event): void {
    this.edit.emit(ticked(option, (event.target as HTMLInputElement).checked));
  }
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
