/**
 * Issued rows as a table (`x-widget: ledger`): the PDF of each, the moves that are possible with it, and a form for
 * what is still a draft.
 */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  Injector,
  computed,
  forwardRef,
  inject,
  input,
  linkedSignal,
  output,
  resource,
  signal,
} from '@angular/core';
import { LiveAnnouncer } from '@angular/cdk/a11y';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Text } from '../../api/models/text';
import { Format, TxtPipe } from '../i18n/pipes';
import { Icon } from '../ui/icon';
import { FORM_CONTEXT } from './context';
import { Edit, asList, asObject, inMember, inRow, rowRemoved } from './edits';
import { LedgerAction } from './ledger-spec';
import { fits, shown } from './row-choices';
import {
  FieldSpec,
  Json,
  JsonObject,
  fieldId,
  isFilled,
  isLocked,
  isWide,
  plain,
  withDefaults,
  withoutComputed,
} from './schema';
import { SchemaField } from './schema-field';
import { ISSUED_SOURCE } from './sources';

interface Entry {
  row: JsonObject;
  key: number;
  final: boolean;
  /** What the table says of it, by column. */
  cells: { column: FieldSpec; text: string }[];
  name: string;
  /** The texts that the table has no column for, such as a reason. */
  notes: string;
  actions: { action: LedgerAction; label: Text }[];
}

@Component({
  selector: 'afpi-ledger-field',
  imports: [Icon, TranslocoPipe, TxtPipe, forwardRef(() => SchemaField)],
  templateUrl: './ledger-field.html',
  styleUrls: ['./rows-field.scss', './ledger-field.scss'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LedgerField {
  readonly spec = input.required<FieldSpec>();
  readonly rows = input.required<Json[]>();
  readonly pointer = input.required<string>();
  readonly errors = input<ReadonlyMap<string, string>>(new Map());
  readonly locked = input(false);
  /** An edit for the list's present value. */
  readonly edit = output<Edit>();

  readonly #announcer = inject(LiveAnnouncer);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  readonly #context = inject(FORM_CONTEXT);
  readonly #injector = inject(Injector);
  readonly #issued = inject(ISSUED_SOURCE, { optional: true });
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly id = computed(() => fieldId(this.pointer()));
  /** Keys of the rows, so that an open form stays with its row when another one goes. */
  readonly #keys = linkedSignal<number, number[]>({
    source: () => this.rows().length,
    computation: (length, before) => {
      const keys = before?.value ?? [];
      const next = Math.max(-1, ...keys) + 1;
      return Array.from({ length }, (_, at) => keys[at] ?? next + at);
    },
  });
  protected readonly columns = computed((): FieldSpec[] => {
    const { children, ledger } = this.spec();
    const found = (ledger?.columns ?? []).map((key) => children.find((child) => child.key === key));
    return found.filter((column): column is FieldSpec => column !== undefined);
  });
  /** What somebody types of a draft. */
  protected readonly editable = computed(() => this.spec().children.filter(({ readonly }) => !readonly));
  protected readonly entries = computed(() => this.rows().map((row, at) => this.#entry(asObject(row), at)));
  readonly #open = signal<ReadonlySet<number>>(new Set());
  /** The documents by the number of their row. */
  protected readonly documents = resource({
    params: () => {
      const number = this.spec().ledger?.number;
      const numbers = number ? this.rows().map((row) => plain(asObject(row)[number])) : [];
      const record = this.#context().record;
      return record && numbers.some(Boolean) ? { record, numbers: numbers.join(' ') } : undefined;
    },
    loader: async ({ params: { record } }) => {
      const load = this.#issued;
      return load ? this.#injector.get(await load()).of(record) : new Map<string, () => void>();
    },
  });

  protected readonly wide = isWide;

  #entry(row: JsonObject, at: number): Entry {
    const number = plain(row[this.spec().ledger?.number ?? '']);
    return {
      row,
      key: this.#keys()[at] ?? -1 - at,
      final: isLocked(this.spec(), row),
      cells: this.columns().map((column) => ({ column, text: shown(row[column.key], column, this.#format) })),
      notes: this.#notes(row),
      name: number || this.#transloco.translate('form.ledger.draft', { n: at + 1 }),
      actions: (this.spec().ledger?.actions ?? []).flatMap((action) => {
        const offered = fits(row, action.where) ? this.#context().moves?.offered(action.transition) : null;
        return offered?.allowed ? [{ action, label: offered.label }] : [];
      }),
    };
  }
  #notes(row: JsonObject): string {
    const columns = this.columns();
    return this.spec()
      .children.filter((child) => !columns.includes(child) && ['text', 'textarea'].includes(child.widget))
      .filter(({ key }) => isFilled(row[key]))
      .map((child) => `${this.#format.text(child.label)} : ${shown(row[child.key], child, this.#format)}`)
      .join(' · ');
  }
  /** A draft's form is open when asked for, and when something is wrong in it. */
  protected opened(at: number, { key, final }: Entry): boolean {
    const base = `${this.pointer()}/${at}`;
    const told = [...this.errors().keys()].some((pointer) => pointer.startsWith(`${base}/`));
    return !final && !this.locked() && (this.#open().has(key) || told);
  }
  protected toggle({ key }: Entry): void {
    this.#open.update((open) => {
      const next = new Set(open);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }
  protected document({ row }: Entry): (() => void) | undefined {
    const number = plain(row[this.spec().ledger?.number ?? '']);
    return number && this.documents.hasValue() ? this.documents.value().get(number) : undefined;
  }
  protected act({ field, value, transition }: LedgerAction, at: number, row: JsonObject): void {
    this.#context().moves?.take(transition, { [field]: value === null ? at + 1 : (row[value] ?? null) });
  }

  protected add(): void {
    const at = this.rows().length;
    this.edit.emit((now) => [...asList(now), withDefaults(this.spec().children, {})]);
    setTimeout(() => {
      const entry = this.entries()[at];
      if (entry && !this.#open().has(entry.key)) this.toggle(entry);
      setTimeout(() =>
        document.getElementById(`${this.id()}-${at}-form`)?.querySelector<HTMLElement>('input, select')?.focus(),
      );
    });
  }
  protected change(index: number, key: string, edit: Edit): void {
    this.edit.emit(inRow(index, (row) => inMember(key, edit)(withoutComputed(this.spec().children, asObject(row)))));
  }
  protected remove(index: number): void {
    this.#keys.update((keys) => keys.filter((_, at) => at !== index));
    this.edit.emit(rowRemoved(index));
    void this.#announcer.announce(this.#transloco.translate('form.rowRemoved', { n: index + 1 }));
    setTimeout(() => this.#host.querySelector<HTMLElement>('.add')?.focus());
  }
}
