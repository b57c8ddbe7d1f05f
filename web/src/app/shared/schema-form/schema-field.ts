/** One field of a schema form: label, the input its widget asks for, hint and message. */
import { ChangeDetectionStrategy, Component, computed, forwardRef, inject, input, output, resource } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import { DateInput } from '../forms/date-input';
import { MoneyInput } from '../forms/money-input';
import { Format, TxtPipe } from '../i18n/pipes';
import { Icon } from '../ui/icon';
import { FORM_SITE, Lookups } from './lookups';
import { RowsField } from './rows-field';
import { FieldSpec, Json, JsonObject, fieldId, plain } from './schema';

@Component({
  selector: 'afpi-schema-field',
  imports: [DateInput, FormsModule, Icon, MoneyInput, TranslocoPipe, TxtPipe, forwardRef(() => RowsField), forwardRef(() => SchemaField)],
  templateUrl: './schema-field.html',
  host: { class: 'field' },
  styles: `
    .flags { display: grid; gap: 4px 18px; grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr)); }
    fieldset { padding: 12px 14px; border: 1px solid var(--border); border-radius: var(--radius); }
    legend { padding: 0 6px; font-size: 13px; font-weight: 550; }
    .shown { display: block; min-height: 22px; overflow-wrap: anywhere; }
    :host-context(td) .shown { padding: 8px 6px; }
    .suffix { position: relative; }
    .suffix > i { position: absolute; top: 8px; right: 11px; color: var(--muted); font-style: normal; pointer-events: none; }
    .suffix > .input { padding-right: 28px; text-align: right; }
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
  readonly valueChange = output<Json>();

  readonly #format = inject(Format);
  readonly #lookups = inject(Lookups);
  readonly #site = inject(FORM_SITE);

  protected readonly id = computed(() => fieldId(this.pointer()));
  protected readonly readonly = computed(() => this.locked() || this.spec().readonly);
  protected readonly message = computed(() => this.errors().get(this.pointer()) ?? '');
  protected readonly text = computed(() => plain(this.value()));
  protected readonly object = computed<JsonObject>(() => {
    const value = this.value();
    return value && typeof value === 'object' && !Array.isArray(value) ? value : {};
  });
  protected readonly list = computed<Json[]>(() => (Array.isArray(this.value()) ? (this.value() as Json[]) : []));
  protected readonly tags = computed(() => this.list().map(plain).join('\n'));
  protected readonly hint = computed(() => this.#format.text(this.spec().hint));
  protected readonly describedBy = computed(() => (this.message() ? `${this.id()}-error` : this.hint() && !this.bare() ? `${this.id()}-hint` : null));
  protected readonly cents = computed(() => (typeof this.value() === 'number' ? (this.value() as number) : null));
  protected readonly labelled = computed(() => !this.bare() && !['switch', 'group', 'flags', 'checklist', 'rows', 'halfdays'].includes(this.spec().widget));
  protected readonly formateurs = resource({
    params: () => (this.spec().widget === 'formateur' ? { site: this.#site() } : undefined),
    loader: ({ params }) => this.#lookups.formateurs(params.site),
  });

  /** What cannot be edited reads as text, not as a greyed-out input. */
  protected readonly asText = computed(() => this.readonly() && !['flags', 'checklist', 'group', 'rows', 'halfdays'].includes(this.spec().widget));
  protected readonly display = computed(() => {
    const value = this.value();
    if (value === undefined || value === null || value === '') return '';
    switch (this.spec().widget) {
      case 'money': return typeof value === 'number' ? this.#format.money(value) : '';
      case 'date': return this.#format.day(plain(value));
      case 'switch': return value === true ? '✓' : '';
      case 'select': return this.#format.text(this.spec().options.find((option) => option.value === value)?.label) || plain(value);
      case 'formateur': return (this.formateurs.hasValue() ? this.formateurs.value().find((choice) => choice.value === value)?.label : undefined) ?? '…';
      case 'tags': return this.list().map(plain).join(', ');
      case 'number': case 'integer': return typeof value === 'number' ? this.#format.count(value, 2) : plain(value);
      default: return plain(value);
    }
  });

  protected typed(event: Event): void {
    this.valueChange.emit((event.target as HTMLInputElement).value);
  }
  protected counted(event: Event): void {
    const text = (event.target as HTMLInputElement).value;
    this.valueChange.emit(text === '' || Number.isNaN(Number(text)) ? null : Number(text));
  }
  protected chosen(event: Event): void {
    const text = (event.target as HTMLSelectElement).value;
    this.valueChange.emit(this.spec().options.find((option) => String(option.value) === text)?.value ?? (text || null));
  }
  protected split(event: Event): void {
    const lines = (event.target as HTMLTextAreaElement).value.split('\n').map((line) => line.trim());
    this.valueChange.emit(lines.filter(Boolean));
  }
  protected flag(key: string, event: Event): void {
    this.valueChange.emit({ ...this.object(), [key]: (event.target as HTMLInputElement).checked });
  }
  protected grow(key: string, value: Json): void {
    this.valueChange.emit({ ...this.object(), [key]: value });
  }
  protected tick(option: Json, event: Event): void {
    const rest = this.list().filter((item) => item !== option);
    this.valueChange.emit((event.target as HTMLInputElement).checked ? [...rest, option] : rest);
  }
}
