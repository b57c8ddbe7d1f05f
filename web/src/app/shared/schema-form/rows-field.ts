/** A list of objects as rows that can be added, removed and reordered, with sums, and with a tool that adds
 * half-days. */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  forwardRef,
  inject,
  input,
  linkedSignal,
  output,
  resource,
  signal,
} from '@angular/core';
import { NgTemplateOutlet } from '@angular/common';
import { FormsModule } from '@angular/forms';
import { LiveAnnouncer } from '@angular/cdk/a11y';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { DateInput } from '../forms/date-input';
import { Format, MoneyPipe, TxtPipe } from '../i18n/pipes';
import { Icon } from '../ui/icon';
import { clashesOf, columnsOf, key, wantedOf } from './clashes';
import { lapsesOf } from './lapses';
import { Edit, asList, asObject, inMember, inRow, moved, rowMoved, rowRemoved } from './edits';
import { halfDays } from './half-days';
import { FORM_CONTEXT } from './context';
import { Lookups, traitsOf } from './lookups';
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
import { PickRow } from './pick-row';
import { withPicked } from './picked';
import { SchemaField } from './schema-field';
import { Suggestion } from './sources';
import { Busy, Taken } from './taken';
import { TraitFilter } from './trait-filter';

@Component({
  selector: 'afpi-rows-field',
  imports: [
    DateInput,
    FormsModule,
    Icon,
    MoneyPipe,
    NgTemplateOutlet,
    PickRow,
    TranslocoPipe,
    TxtPipe,
    forwardRef(() => SchemaField),
  ],
  templateUrl: './rows-field.html',
  styleUrl: './rows-field.scss',
  providers: [TraitFilter],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RowsField {
  readonly spec = input.required<FieldSpec>();
  readonly rows = input.required<Json[]>();
  readonly pointer = input.required<string>();
  readonly errors = input<ReadonlyMap<string, string>>(new Map());
  readonly locked = input(false);
  /** Offers the tool that adds a range of half-days. */
  readonly planner = input(false);
  /** An edit for the list's present value. */
  readonly edit = output<Edit>();

  readonly #announcer = inject(LiveAnnouncer);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  readonly #taken = inject(Taken);
  readonly #context = inject(FORM_CONTEXT);
  readonly #record = computed(() => this.#context().record);
  readonly #site = computed(() => this.#context().site);
  readonly #lookups = inject(Lookups);
  protected readonly filter = inject(TraitFilter, { self: true });
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly id = computed(() => fieldId(this.pointer()));
  protected readonly objects = computed(() => this.rows().map(asObject));
  /** Keys of the rows while they move, so that a row's inputs move with it, including half-typed texts. */
  readonly #keys = linkedSignal<number, number[]>({
    source: () => this.rows().length,
    computation: (length, before) => {
      const keys = before?.value ?? [];
      const next = Math.max(-1, ...keys) + 1;
      return Array.from({ length }, (_, at) => keys[at] ?? next + at);
    },
  });
  protected readonly entries = computed(() =>
    this.objects().map((row, at) => ({ row, key: this.#keys()[at] ?? -1 - at })),
  );
  protected readonly fixed = computed(() => this.rows().map((row) => isLocked(this.spec(), row)));
  /** Per column: its sum, `'stale'` while a row waits for the plugin's computation, `null` without a sum. */
  protected readonly sums = computed(() =>
    this.spec().children.map((column) => {
      if (!column.summed) return null;
      const values = this.objects().map((row) => row[column.key]);
      return values.every((value) => typeof value === 'number')
        ? values.reduce((sum, value) => sum + value, 0)
        : 'stale';
    }),
  );
  protected readonly summed = computed(() => this.objects().length > 0 && this.sums().some((sum) => sum !== null));
  /** Nested lists and long texts need a card; flat rows form a table. */
  protected readonly flat = computed(() => {
    const columns = this.spec().children;
    return (
      columns.length <= 7 &&
      columns.every(
        (column) =>
          ![
            'rows',
            'grid',
            'coverage',
            'ledger',
            'halfdays',
            'group',
            'flags',
            'checklist',
            'tags',
            'textarea',
          ].includes(column.widget),
      )
    );
  });
  protected readonly wide = isWide;
  /** Fields that the plugin fills in are shown once they have a value. */
  protected shownIn(row: JsonObject): FieldSpec[] {
    return this.spec().children.filter(({ key, readonly }) => !readonly || isFilled(row[key]));
  }
  protected readonly day = computed(() => this.spec().children.find((column) => column.widget === 'date'));
  protected readonly half = computed(() =>
    this.spec().children.find((column) => column.widget === 'select' && column.options.length === 2),
  );

  readonly #columns = computed(() =>
    this.planner() && !this.locked() ? columnsOf(this.spec(), ({ lookup }) => this.#lookups.has(lookup)) : null,
  );
  readonly #wanted = computed(
    () => {
      const columns = this.#columns();
      return columns && wantedOf(this.rows(), columns);
    },
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  readonly #busy = resource({
    params: () => this.#wanted() ?? undefined,
    loader: ({ params: { wanted, from, to } }) => {
      const lookups = new Map(this.#columns()?.taken.map(({ key: column, lookup }) => [column, lookup]));
      const asked = wanted.flatMap((one) =>
        [lookups.get(one.column) ?? null].filter((of) => of !== null).map((of) => ({ ...one, of })),
      );
      return this.#taken.of(asked, { from, to, own: this.#record(), site: this.#site() });
    },
  });
  /** The first lookup among the columns whose choices have traits, to filter by one. */
  protected readonly narrowed = resource({
    params: () => {
      const lookups = (this.#columns()?.taken ?? []).map(({ lookup }) => lookup).filter((name) => name !== null);
      return lookups.length ? { lookups: [...new Set(lookups)], site: this.#site() } : undefined;
    },
    loader: async ({ params: { lookups, site } }) => {
      for (const lookup of lookups) {
        const texts = (await this.#lookups.source(lookup)).traits;
        const traits = texts ? traitsOf(await this.#lookups.choices(lookup, site)) : [];
        if (texts && traits.length) return { lookup, texts, traits };
      }
      return null;
    },
  });
  /** Messages of the rows, and conflicts of planned half-days. */
  protected readonly said = computed(() => {
    const columns = this.#columns();
    if (!columns) return this.errors();
    const busy = this.#busy.hasValue() ? this.#busy.value() : new Map<string, Busy>();
    const slots = new Map([...busy].map(([at, one]) => [at, one.slots] as const));
    const clashes = clashesOf(this.rows(), columns, slots).map(({ row, column, id, day, half, inRow, by }) => {
      const who =
        busy.get(key(column, id))?.name ??
        this.#format.text(columns.taken.find((field) => field.key === column)?.label);
      const part: string = this.#transloco.translate(`half.${half}`);
      const text =
        inRow === null
          ? this.#transloco.translate(by ? 'form.takenBy' : 'form.taken', {
              who,
              day: this.#format.day(day, 'long'),
              half: part,
              by,
            })
          : this.#transloco.translate('form.takenHere', { who, n: inRow + 1 });
      return [`${this.pointer()}/${row}/${column}`, text] as const;
    });
    return new Map([...clashes, ...this.errors()]);
  });

  /** What is no longer valid on planned days. It warns and refuses nothing. */
  protected readonly lapsed = computed(() => {
    const [columns, busy] = [this.#columns(), this.#busy.hasValue() ? this.#busy.value() : null];
    if (!columns || !busy) return [];
    const expiries = new Map([...busy].map(([at, one]) => [at, one.expiries] as const));
    return lapsesOf(this.rows(), columns, expiries).map(({ column, id, expiry, rows }) =>
      this.#transloco.translate(expiry.name ? 'form.lapsed' : 'form.lapsedUnnamed', {
        who: busy.get(key(column, id))?.name ?? '',
        name: expiry.name,
        day: this.#format.day(expiry.on, 'long'),
        n: rows.length,
        rows: rows.map((at) => at + 1).join(', '),
      }),
    );
  });

  /** The choices of the first planned row, such as its trainer, that another row lacks. */
  protected readonly shared = computed(() => {
    const [first, ...rest] = this.objects();
    const lacking = (this.#columns()?.taken ?? [])
      .map(({ key: column }) => column)
      .filter((column) => isFilled(first?.[column]) && rest.some((row) => this.#lacks(row, column)));
    return lacking.length ? lacking.map((column) => [column, first?.[column] ?? null] as const) : null;
  });
  protected share(given: (readonly [string, Json])[]): void {
    this.edit.emit((now) =>
      asList(now)
        .map(asObject)
        .map((row) => ({ ...row, ...Object.fromEntries(given.filter(([column]) => this.#lacks(row, column))) })),
    );
  }
  #lacks(row: JsonObject, column: string): boolean {
    return !isLocked(this.spec(), row) && !isFilled(row[column]);
  }

  protected readonly from = signal<string | null>(null);
  protected readonly to = signal<string | null>(null);
  protected readonly halves = signal<'both' | 'first' | 'second'>('both');
  protected readonly everyDay = signal(false);

  /** The width of a column. */
  protected classOf({ lookup, widget }: FieldSpec): string {
    return this.#lookups.has(lookup) ? `w-lookup w-${lookup}` : `w-${widget}`;
  }
  protected movable(index: number, by: -1 | 1): boolean {
    const fixed = this.fixed();
    return fixed[index] === false && fixed[index + by] === false;
  }
  protected add(row: JsonObject = {}): void {
    this.edit.emit((now) => [...asList(now), withDefaults(this.spec().children, row)]);
    this.#focus(this.rows().length, ':is(input, select, textarea)');
  }
  protected change(index: number, key: string, edit: Edit): void {
    this.edit.emit(inRow(index, (row) => inMember(key, edit)(withoutComputed(this.spec().children, asObject(row)))));
  }
  protected fill(index: number, one: Suggestion): void {
    const columns = this.spec().children;
    this.edit.emit(inRow(index, (row) => withPicked(columns, withoutComputed(columns, asObject(row)), one, false)));
  }
  protected remove(index: number): void {
    this.#keys.update((keys) => keys.filter((_, at) => at !== index));
    this.edit.emit(rowRemoved(index));
    // The next element, otherwise the button that adds.
    this.#focus(index, '.remove');
    void this.#announcer.announce(this.#transloco.translate('form.rowRemoved', { n: index + 1 }));
  }
  protected move(index: number, by: -1 | 1): void {
    this.#keys.update((keys) => moved(keys, index, by));
    this.edit.emit(rowMoved(index, by));
    this.#focus(index + by, by < 0 ? '.up:enabled, .down' : '.down:enabled, .up');
    void this.#announcer.announce(this.#transloco.translate('form.rowMoved', { n: index + by + 1 }));
  }
  #focus(index: number, what: string): void {
    setTimeout(() => {
      const row = document.getElementById(`${this.id()}-${index}`);
      (
        row?.querySelector<HTMLElement>(what) ??
        this.#host.querySelector<HTMLElement>(':scope > fieldset > .adders > .add')
      )?.focus();
    });
  }
  protected plan(): void {
    const [day, half, from] = [this.day(), this.half(), this.from()];
    if (!day || !from) return;
    const options = half?.options.map((option) => option.value) ?? [];
    const wanted = this.halves() === 'both' ? options : options.slice(this.halves() === 'first' ? 0 : 1).slice(0, 1);
    const known = new Set(this.objects().map((row) => `${plain(row[day.key])}|${half ? plain(row[half.key]) : ''}`));
    const last = this.objects().at(-1) ?? {};
    const added = halfDays(from, this.to() ?? from, half ? wanted : [''], this.everyDay()).filter(
      ([date, part]) => !known.has(`${date}|${part}`),
    );
    this.edit.emit((now) => [
      ...asList(now),
      ...added.map(([date, part]): JsonObject => ({
        ...withDefaults(this.spec().children, {}),
        ...last,
        [day.key]: date,
        ...(half ? { [half.key]: part } : {}),
      })),
    ]);
    void this.#announcer.announce(this.#transloco.translate('form.rowsAdded', { n: added.length }));
  }
}
