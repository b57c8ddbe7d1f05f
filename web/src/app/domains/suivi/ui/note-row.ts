/** A note: who wrote it when, about what, and its text, which its author changes here. */
import { ChangeDetectionStrategy, Component, input, linkedSignal, output } from '@angular/core';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Note } from '../../../api/models/note';
import { NotePerson } from '../../../api/models/note-person';
import { NoteUpdate } from '../../../api/models/note-update';
import { RecordRef } from '../../../api/models/record-ref';
import { AgoPipe, InstantPipe } from '../../../shared/i18n/pipes';
import { Avatar } from '../../../shared/ui/avatar';
import { Icon } from '../../../shared/ui/icon';
import { NoteEditor } from './note-editor';
import { NoteText } from './note-text';

@Component({
  selector: 'afpi-note-row',
  imports: [
    AgoPipe,
    Avatar,
    CdkMenu,
    CdkMenuItem,
    CdkMenuTrigger,
    Icon,
    InstantPipe,
    NoteEditor,
    NoteText,
    RouterLink,
    TranslocoPipe,
  ],
  template: `
    @let one = note();
    <afpi-avatar [name]="one.author.name" />
    <span class="row who">
      <span class="strong">{{ one.author.name }}</span>
      @if (one.kind !== 'note') {
        <span class="chip">{{ 'suivi.kind.' + one.kind | transloco }}</span>
      }
      @if (one.pinned) {
        <span class="chip tone-primary">{{ 'suivi.pinned' | transloco }}</span>
      }
      @if (about(); as record) {
        <a
          class="small"
          [routerLink]="['/' + (record.kind === 'contacts' ? 'entreprises' : record.kind), record.opens]"
          >{{ record.label }}</a
        >
      }
      <time class="muted small" [attr.datetime]="one.at" [attr.title]="one.at | instant">{{ one.at | ago }}</time>
      @if (one.version > 1 && one.updatedAt !== one.createdAt) {
        <span class="muted small">{{ 'suivi.changed' | transloco }}</span>
      }
    </span>
    @if (editable() && !about()) {
      <button
        type="button"
        class="btn btn-icon btn-s btn-quiet"
        [attr.aria-label]="'suivi.actions' | transloco: { name: one.author.name }"
        [cdkMenuTriggerFor]="acts"
      >
        <afpi-icon name="ellipsis" [size]="16" />
      </button>
    }
    <ng-template #acts>
      <div class="menu" cdkMenu>
        <button
          type="button"
          class="menu-item"
          cdkMenuItem
          (cdkMenuItemTriggered)="changed.emit({ pinned: !one.pinned })"
        >
          {{ (one.pinned ? 'suivi.unpin' : 'suivi.pin') | transloco }}
        </button>
        @if (mine()) {
          <button type="button" class="menu-item" cdkMenuItem (cdkMenuItemTriggered)="edited.set(true)">
            {{ 'suivi.edit' | transloco }}
          </button>
          <button type="button" class="menu-item" cdkMenuItem (cdkMenuItemTriggered)="removed.emit()">
            {{ 'suivi.remove' | transloco }}
          </button>
        }
      </div>
    </ng-template>
    @if (edited()) {
      <afpi-note-editor
        [note]="one"
        [people]="people()"
        [busy]="busy()"
        (wanted)="wanted.emit()"
        (saved)="changed.emit($event)"
        (cancelled)="edited.set(false)"
      />
    } @else {
      <afpi-note-text [note]="one" />
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: 26px minmax(0, 1fr) auto;
      gap: 2px 10px;
    }
    .who {
      flex-wrap: wrap;
      gap: 2px 8px;
    }
    afpi-note-editor,
    afpi-note-text {
      grid-column: 2 / -1;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NoteRow {
  readonly note = input.required<Note>();
  /** The record, when it is another one than the page's: the note is changed there. */
  readonly about = input<RecordRef | null>();
  readonly editable = input.required<boolean>();
  /** Did the reader write it? */
  readonly mine = input.required<boolean>();
  /** Whom it can mention. */
  readonly people = input.required<NotePerson[]>();
  readonly busy = input.required<boolean>();
  /** Somebody writes: the people are needed. */
  readonly wanted = output();
  readonly changed = output<NoteUpdate>();
  readonly removed = output();
  /** Until a change has made a new version. */
  protected readonly edited = linkedSignal({ source: () => this.note().version, computation: () => false });
}
