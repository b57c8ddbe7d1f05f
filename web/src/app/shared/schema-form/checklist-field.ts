/**
 * A checklist by file: dropping a file on a piece ticks it, removing the file unticks it. A tick without a file asks for
 * a reason; a piece that is not there says from whom it is awaited, and until when.
 */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  output,
  resource,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { FormsModule } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import { DateInput } from '../forms/date-input';
import { ProblemError, Problems } from '../http/problem';
import { today } from '../i18n/format';
import { DayPipe, TxtPipe } from '../i18n/pipes';
import { Icon } from '../ui/icon';
import { ChecklistSpec, Listed, ListedState, follow, listed, stateOf, tick } from './checklist';
import { FORM_CONTEXT } from './context';
import { DocumentEdit } from './edits';
import { PieceFile, PieceFiles, PieceFilesSource } from './piece-files';
import { FieldSpec, JsonObject, fieldId } from './schema';

const TONES: Record<ListedState, string> = {
  file: 'tone-good',
  ticked: 'tone-good',
  late: 'tone-bad',
  awaited: 'tone-warn',
  missing: '',
};

@Component({
  selector: 'afpi-checklist-field',
  imports: [DateInput, DayPipe, FormsModule, Icon, TranslocoPipe, TxtPipe],
  templateUrl: './checklist-field.html',
  styleUrl: './checklist-field.scss',
  host: { class: 'field' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ChecklistField {
  readonly spec = input.required<ChecklistSpec>();
  /** The field with the ticks. */
  readonly field = input.required<FieldSpec>();
  /** The whole document. */
  readonly value = input.required<JsonObject>();
  /** Pointer of the document: its section. */
  readonly base = input.required<string>();
  readonly errors = input<ReadonlyMap<string, string>>(new Map());
  readonly locked = input(false);
  readonly edit = output<DocumentEdit>();

  readonly #source = inject(PieceFilesSource);
  readonly #problems = inject(Problems);
  readonly #context = inject(FORM_CONTEXT);
  protected readonly chooser = viewChild.required<ElementRef<HTMLInputElement>>('chooser');
  readonly #today = today();
  /** The piece that a file is being chosen for. */
  readonly #chosen = signal('');
  readonly #sent = signal<ReadonlyMap<string, number>>(new Map());
  protected readonly failed = signal<ReadonlyMap<string, string>>(new Map());
  protected readonly over = signal('');
  protected readonly awaits = signal('');

  protected readonly id = computed(() => fieldId(`${this.base()}/${this.spec().ticked}`));
  protected readonly rows = computed(() => listed(this.spec(), this.field(), this.value()));
  protected readonly messages = computed(() => {
    const { ticked, rows } = this.spec();
    const own = [ticked, rows].map((name) => `${this.base()}/${name}`);
    const ours = [...this.errors()].filter(([at]) => own.some((start) => at === start || at.startsWith(`${start}/`)));
    return [...new Set(ours.flatMap(([, message]) => message.split('\n')))];
  });

  readonly #files = resource({ loader: () => this.#source.get() });
  readonly #port = computed(() => (this.#files.hasValue() ? this.#files.value() : null));
  readonly #record = computed(() => this.#context().record);
  readonly #section = computed(() => this.base().slice(1));
  protected readonly list = resource({
    params: () => {
      const [port, record] = [this.#port(), this.#record()];
      return port && record ? { port, record, section: this.#section() } : undefined;
    },
    loader: ({ params }) => params.port.list(params.record, params.section),
  });
  /** Who may not edit the form may still add files, and the other way round. */
  protected readonly adds = computed(() => this.#record() !== null && (this.#port()?.may() ?? false));

  constructor() {
    let heard: number | null = null;
    effect(() => {
      const news = this.#port()?.news();
      if (news === undefined || news === heard) return;
      const first = heard === null;
      heard = news;
      if (first) return;
      untracked(() => {
        this.list.reload();
        this.#context().renew?.();
      });
    });
  }

  protected state(one: Listed): ListedState {
    return stateOf(one, this.#today);
  }
  protected tone(one: Listed): string {
    return TONES[this.state(one)];
  }
  protected rowId({ piece }: Listed, part: string): string {
    return `${this.id()}-${piece}-${part}`;
  }
  protected filesOf(piece: string): PieceFile[] {
    return this.list.hasValue() ? this.list.value().filter((file) => file.piece === piece) : [];
  }
  /** What part of a file has left; `null` when none is on its way. */
  protected part(piece: string): number | null {
    return this.#sent().get(piece) ?? null;
  }

  protected tick(piece: string, on: boolean): void {
    this.edit.emit(tick(this.spec(), piece, on));
  }
  protected say(piece: string, what: 'reason' | 'from' | 'until', value: string | null): void {
    this.awaits.set(piece);
    this.edit.emit(follow(this.spec(), piece, this.spec()[what], value));
  }

  protected choose(piece: string): void {
    this.#chosen.set(piece);
    this.chooser().nativeElement.click();
  }
  protected chosen(event: Event): void {
    const picker = event.target as HTMLInputElement;
    const files = [...(picker.files ?? [])];
    // The same file can be chosen again.
    picker.value = '';
    void this.#add(this.#chosen(), files);
  }
  protected enter(event: DragEvent, piece: string): void {
    if (!this.adds() || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.over.set(piece);
  }
  protected leave(event: DragEvent): void {
    if (!(event.currentTarget as Node).contains(event.relatedTarget as Node | null)) this.over.set('');
  }
  protected dropped(event: DragEvent, piece: string): void {
    if (!this.adds()) return;
    event.preventDefault();
    this.over.set('');
    void this.#add(piece, [...(event.dataTransfer?.files ?? [])]);
  }

  protected async open(file: PieceFile): Promise<void> {
    await this.#try(file.piece, (port, record) => port.open(record, file.id));
  }
  protected async remove(file: PieceFile): Promise<void> {
    await this.#try(file.piece, (port, record) => port.remove(record, file.id));
  }

  async #add(piece: string, files: File[]): Promise<void> {
    const place = { section: this.#section(), piece };
    for (const file of files) {
      await this.#try(piece, (port, record) =>
        port.add(record, place, file, (part) => {
          this.#sent.update((all) => new Map([...all, [piece, part]]));
        }),
      );
    }
    this.#sent.update((all) => new Map([...all].filter(([of]) => of !== piece)));
  }
  async #try(piece: string, run: (port: PieceFiles, record: string) => Promise<unknown>): Promise<void> {
    const [port, record] = [this.#port(), this.#record()];
    if (!port || !record) return;
    this.failed.update((all) => new Map([...all].filter(([of]) => of !== piece)));
    try {
      await run(port, record);
    } catch (error) {
      const fields = error instanceof ProblemError ? [...new Set(error.fields.values())] : [];
      const why = fields.join(' ') || this.#problems.message(error);
      this.failed.update((all) => new Map([...all, [piece, why]]));
    }
  }
}
