/**
 * The columns of a list in their order, with their widths: the list's own ones, and the other fields of the record's
 * description. A saved view says which ones; without it, the person's choice in this browser does.
 */
import { Signal, WritableSignal, computed, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { DescriptionField } from '../../api/models/description-field';
import { VueColumn } from '../../api/models/vue-column';
import { Format } from '../i18n/pipes';
import { Language } from '../i18n/language';
import { recall, remember } from '../ui/storage';
import { Descriptions } from './descriptions';

export interface Column {
  id: string;
  label: string;
  /** The list's sort by it, if there is one. */
  sort?: string;
  /** Where the list does not draw it itself. */
  field?: DescriptionField;
  /** Of numbers. */
  right?: boolean;
  /** In pixels. */
  width?: number;
}

interface Drawn {
  /** The field's name, or a name of the list's own. */
  id: string;
  /** Text key of its heading. Default: the description's label. */
  label?: string;
  /** Is it shown by default? */
  first: boolean;
  /** Default: the description's sort. */
  sort?: string;
  /** Of numbers. */
  right?: boolean;
}

export class Columns {
  readonly #key: string;
  readonly #own: WritableSignal<VueColumn[]>;
  readonly #view = signal<VueColumn[] | null>(null);
  /** Everything that can be a column. */
  readonly all: Signal<Column[]>;
  /** The chosen ones in their order. */
  readonly chosen = computed<VueColumn[]>(() => this.#view() ?? this.#own());
  /** The chosen ones as they are drawn. */
  readonly shown: Signal<Column[]>;

  constructor(key: string, first: string[], all: Signal<Column[]>) {
    this.#key = key;
    this.#own = signal(read(recall(key) ?? first.join(',')));
    this.all = all;
    this.shown = computed(() => {
      const known = new Map(all().map((column) => [column.id, column]));
      return this.chosen().flatMap(({ id, width }) => {
        const column = known.get(id);
        return column ? [width ? { ...column, width } : column] : [];
      });
    });
  }

  has(id: string): boolean {
    return this.chosen().some((column) => column.id === id);
  }

  toggle(id: string): void {
    this.set(this.has(id) ? this.chosen().filter((column) => column.id !== id) : [...this.chosen(), { id }]);
  }

  /** While a view says which columns, the choice counts until another view is shown or this one is saved. */
  set(columns: VueColumn[]): void {
    if (this.#view()) {
      this.#view.set(columns);
      return;
    }
    this.#own.set(columns);
    remember(this.#key, columns.map(({ id, width }) => (width ? `${id}:${width}` : id)).join(','));
  }

  /** The columns of a view; `null`: it says nothing about them. */
  use(columns: VueColumn[] | null): void {
    this.#view.set(columns);
  }
}

function read(text: string): VueColumn[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((one) => {
      const [id = '', width] = one.split(':');
      return width ? { id, width: Number(width) } : { id };
    });
}

/**
 * The columns of the list of this kind of record. `always` names the fields of its first column, which cannot be
 * removed. Call it while a component is created.
 */
export function listColumns(kind: string, always: string[], drawn: Drawn[]): Columns {
  const descriptions = inject(Descriptions);
  const transloco = inject(TranslocoService);
  const language = inject(Language);
  const format = inject(Format);
  void descriptions.read();
  const fields = computed(() =>
    descriptions.fields(kind).filter(({ listed, name }) => listed && !always.includes(name)),
  );
  const all = computed(() => {
    language.current();
    const of = ({ id, label, sort, right }: Drawn): Column => {
      const field = fields().find(({ name }) => name === id);
      const by = sort ?? field?.sort;
      const heading = label || !field ? transloco.translate(label ?? id) : format.text(field.label);
      return { id, label: heading, ...(by ? { sort: by } : {}), ...(right ? { right } : {}) };
    };
    const others = fields().filter(({ name }) => !drawn.some(({ id }) => id === name));
    const further = others.map((field) => ({
      id: field.name,
      label: format.text(field.label),
      field,
      right: ['count', 'cents'].includes(field.shape),
      ...(field.sort ? { sort: field.sort } : {}),
    }));
    return [...drawn.map(of), ...further];
  });
  const first = drawn.filter((column) => column.first).map(({ id }) => id);
  return new Columns(`afpi.columns.${kind}`, first, all);
}
