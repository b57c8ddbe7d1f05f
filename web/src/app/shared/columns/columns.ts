/**
 * The columns of a list: its own ones, and then the other fields of the record's description. The user's choice is
 * stored in this browser.
 */
import { Signal, WritableSignal, computed, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { DescriptionField } from '../../api/models/description-field';
import { Format } from '../i18n/pipes';
import { Language } from '../i18n/language';
import { recall, remember } from '../ui/storage';
import { Descriptions } from './descriptions';

export interface Column {
  id: string;
  label: string;
}

interface Drawn {
  /** The field's name, or a name of the list's own. */
  id: string;
  /** Text key of its heading. Default: the description's label. */
  label?: string;
  /** Is it shown by default? */
  first: boolean;
}

export class Columns {
  readonly #key: string;
  readonly #chosen: WritableSignal<ReadonlySet<string>>;
  /** Everything that can be a column. */
  readonly all: Signal<Column[]>;
  /** The chosen fields that the list does not draw itself. */
  readonly further: Signal<DescriptionField[]>;

  constructor(key: string, first: string[], all: Signal<Column[]>, others: Signal<DescriptionField[]>) {
    this.#key = key;
    this.#chosen = signal(new Set(recall(key)?.split(',') ?? first));
    this.all = all;
    this.further = computed(() => others().filter((field) => this.has(field.name)));
  }

  has(id: string): boolean {
    return this.#chosen().has(id);
  }

  label(id: string): string {
    return this.all().find((column) => column.id === id)?.label ?? '';
  }

  toggle(id: string): void {
    const chosen = new Set(this.#chosen());
    if (!chosen.delete(id)) chosen.add(id);
    this.#chosen.set(chosen);
    remember(this.#key, [...chosen].join(','));
  }
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
  const others = computed(() => fields().filter(({ name }) => !drawn.some(({ id }) => id === name)));
  const all = computed(() => {
    language.current();
    const of = ({ id, label }: Drawn): Column => {
      const field = fields().find(({ name }) => name === id);
      return { id, label: label || !field ? transloco.translate(label ?? id) : format.text(field.label) };
    };
    return [...drawn.map(of), ...others().map((field) => ({ id: field.name, label: format.text(field.label) }))];
  });
  const first = drawn.filter((column) => column.first).map(({ id }) => id);
  return new Columns(`afpi.columns.${kind}`, first, all, others);
}
