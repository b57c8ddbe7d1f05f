/** Writes a note: its kind, its text, and the people it mentions, who are offered after `@`. */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Note } from '../../../api/models/note';
import { NoteKind } from '../../../api/models/note-kind';
import { NotePerson } from '../../../api/models/note-person';
import { typedName } from '../util/light';

export interface Written {
  kind: NoteKind;
  text: string;
  mentions: string[];
}

const KINDS: NoteKind[] = ['note', 'appel', 'rendez-vous'];
const OFFERED = 6;
let editors = 0;

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

@Component({
  selector: 'afpi-note-editor',
  imports: [TranslocoPipe],
  template: `
    <label class="sr-only" [attr.for]="id">{{ (note() ? 'suivi.change' : 'suivi.write') | transloco }}</label>
    <textarea
      #area
      class="input"
      rows="3"
      maxlength="10000"
      aria-autocomplete="list"
      [id]="id"
      [value]="text()"
      [placeholder]="'suivi.writeHint' | transloco"
      [attr.aria-controls]="offered().length ? id + '-people' : null"
      [attr.aria-activedescendant]="offered().length ? id + '-' + active() : null"
      (focus)="wanted.emit()"
      (input)="read()"
      (click)="read()"
      (keydown)="key($event)"
    ></textarea>
    @if (offered().length) {
      <ul class="people menu" role="listbox" [id]="id + '-people'" [attr.aria-label]="'suivi.mention' | transloco">
        @for (person of offered(); track person.id) {
          <li
            role="option"
            class="menu-item"
            [id]="id + '-' + $index"
            [class.active]="$index === active()"
            [attr.aria-selected]="$index === active()"
            (mousedown)="$event.preventDefault(); choose(person)"
          >
            {{ person.name }}
          </li>
        }
      </ul>
    }
    @if (text().trim() || note()) {
      <div class="row">
        <label class="sr-only" [attr.for]="id + '-kind'">{{ 'suivi.kindLabel' | transloco }}</label>
        <select class="input kind" [id]="id + '-kind'" [value]="kind()" (change)="pick($event)">
          @for (one of kinds; track one) {
            <option [value]="one" [selected]="one === kind()">{{ 'suivi.kind.' + one | transloco }}</option>
          }
        </select>
        <span class="grow"></span>
        @if (note()) {
          <button type="button" class="btn btn-s" (click)="cancelled.emit()">{{ 'common.cancel' | transloco }}</button>
        }
        <button type="button" class="btn btn-s btn-primary" [disabled]="busy() || !text().trim()" (click)="save()">
          {{ (note() ? 'common.save' : 'suivi.save') | transloco }}
        </button>
      </div>
    }
  `,
  styles: `
    :host {
      position: relative;
      display: grid;
      gap: 8px;
    }
    textarea {
      width: 100%;
      resize: vertical;
    }
    .people {
      position: absolute;
      z-index: 5;
      top: 100%;
      left: 0;
      margin: 2px 0 0;
      min-width: 220px;
      list-style: none;
    }
    .people .active {
      background: var(--surface-2);
    }
    .kind {
      width: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NoteEditor {
  /** The note that is changed; none for a new one. */
  readonly note = input<Note | null>(null);
  readonly people = input<readonly NotePerson[]>([]);
  readonly busy = input(false);
  readonly saved = output<Written>();
  readonly cancelled = output();
  /** People are needed. */
  readonly wanted = output();

  protected readonly id = `note-${editors++}`;
  protected readonly kinds = KINDS;
  protected readonly text = linkedSignal(() => this.note()?.text ?? '');
  protected readonly kind = linkedSignal<NoteKind>(() => this.note()?.kind ?? 'note');
  readonly #typed = signal<string | null>(null);
  protected readonly active = signal(0);
  protected readonly area = viewChild.required<ElementRef<HTMLTextAreaElement>>('area');
  protected readonly offered = computed(() => {
    const typed = this.#typed();
    if (typed === null) return [];
    const fits = ({ name }: NotePerson): boolean => plain(name).includes(plain(typed.trim()));
    const found = this.people().filter(fits).slice(0, OFFERED);
    // A whole name needs no choice any more.
    return found.length === 1 && found[0]?.name === typed.trim() ? [] : found;
  });

  /** Empties it after a note was written. */
  clear(): void {
    this.text.set('');
    this.kind.set('note');
    this.#typed.set(null);
  }

  protected read(): void {
    const { value, selectionStart } = this.area().nativeElement;
    this.text.set(value);
    this.#typed.set(typedName(value.slice(0, selectionStart)));
    this.active.set(0);
  }
  protected pick(event: Event): void {
    this.kind.set((event.target as HTMLSelectElement).value as NoteKind);
  }
  protected key(event: KeyboardEvent): void {
    const offered = this.offered();
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      event.preventDefault();
      this.save();
    } else if (offered.length) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const person = offered[this.active()];
      if (step) this.active.update((at) => (at + step + offered.length) % offered.length);
      else if ((event.key === 'Enter' || event.key === 'Tab') && person) this.choose(person);
      else if (event.key === 'Escape') this.#typed.set(null);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }
  }
  protected choose(person: NotePerson): void {
    const area = this.area().nativeElement;
    const before = area.value.slice(0, area.selectionStart);
    const at = before.length - (typedName(before) ?? '').length;
    const text = `${before.slice(0, at)}${person.name} `;
    this.text.set(text + area.value.slice(area.selectionStart));
    area.value = this.text();
    area.focus();
    area.setSelectionRange(text.length, text.length);
    this.#typed.set(null);
  }
  protected save(): void {
    const text = this.text().trim();
    if (!text || this.busy()) return;
    const mentions = this.people().filter(({ name }) => text.includes(`@${name}`));
    const kept = this.note()?.mentions.filter(({ name }) => text.includes(`@${name}`)) ?? [];
    const ids = new Set([...mentions, ...kept].map(({ id }) => id));
    this.saved.emit({ kind: this.kind(), text, mentions: [...ids] });
  }
}
