/** The follow-up of a record: its open tasks and its notes, and where both are written. */
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  resource,
  signal,
  viewChild,
} from '@angular/core';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { AttachmentRecordKind } from '../../../api/models/attachment-record-kind';
import { Note } from '../../../api/models/note';
import { NoteUpdate } from '../../../api/models/note-update';
import { Tache } from '../../../api/models/tache';
import { Session } from '../../../shared/auth/session';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, InstantPipe } from '../../../shared/i18n/pipes';
import { PanelFrame } from '../../../shared/panels/panels';
import { Avatar } from '../../../shared/ui/avatar';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { About, SuiviClient } from '../data/suivi-client';
import { NoteEditor, Written } from '../ui/note-editor';
import { NoteText } from '../ui/note-text';
import { NewTask, TaskForm } from '../ui/task-form';
import { TaskRow } from '../ui/task-row';

@Component({
  selector: 'afpi-follow',
  imports: [
    AgoPipe,
    Avatar,
    CdkMenu,
    CdkMenuItem,
    CdkMenuTrigger,
    Empty,
    Failed,
    Icon,
    InstantPipe,
    Loading,
    NoteEditor,
    NoteText,
    TaskForm,
    TaskRow,
    TranslocoPipe,
  ],
  templateUrl: './follow.html',
  styles: `
    .tasks,
    .notes {
      display: grid;
      gap: 12px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    .tasks {
      gap: 8px;
    }
    .notes > li {
      display: grid;
      grid-template-columns: 26px minmax(0, 1fr) auto;
      gap: 2px 10px;
    }
    .notes > .none {
      display: block;
    }
    .notes > li > afpi-note-editor,
    .notes > li > afpi-note-text {
      grid-column: 2 / -1;
    }
    .who {
      flex-wrap: wrap;
      gap: 2px 8px;
    }
    h3 {
      margin: 0;
      font-size: 13px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Follow {
  readonly kind = input.required<AttachmentRecordKind>();
  /** The record's id. */
  readonly record = input.required<string>();
  /** The right to write notes and tasks. */
  readonly permission = input.required<string>();

  readonly #client = inject(SuiviClient);
  readonly #session = inject(Session);
  readonly #confirm = inject(Confirm);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #about = computed<About>(() => ({ kind: this.kind(), id: this.record() }), {
    equal: (one, two) => one.kind === two.kind && one.id === two.id,
  });
  readonly #asked = signal(false);
  protected readonly writer = viewChild<NoteEditor>('writer');
  protected readonly taskForm = viewChild(TaskForm);

  protected readonly busy = signal(false);
  /** The note that is being changed. */
  protected readonly edited = signal<string | null>(null);
  protected readonly editable = computed(() => this.#session.can(this.permission()));
  protected readonly me = computed(() => this.#session.me()?.id);
  protected readonly notes = resource({
    params: () => this.#about(),
    loader: ({ params }) => this.#client.notes(params),
  });
  protected readonly tasks = resource({
    params: () => this.#about(),
    loader: ({ params }) => this.#client.tasksOf(params),
  });
  /** Read when somebody begins to write. */
  protected readonly people = resource({
    params: () => (this.#asked() ? this.#about() : undefined),
    loader: ({ params }) => this.#client.people(params),
  });

  constructor() {
    const frame = inject(PanelFrame);
    effect(() => {
      const count = (this.notes.hasValue() ? this.notes.value().length : 0) + this.openTasks().length;
      frame.badge.set(count ? String(count) : null);
    });
  }

  protected readonly openTasks = computed<Tache[]>(() => (this.tasks.hasValue() ? this.tasks.value() : []));
  protected readonly known = computed(() => (this.people.hasValue() ? this.people.value() : []));

  protected ask(): void {
    this.#asked.set(true);
  }
  protected mine(task: Tache): boolean {
    return [task.owner.id, task.createdBy.id].includes(this.me() ?? '');
  }

  protected write(written: Written): Promise<void> {
    return this.#doing(async () => {
      await this.#client.write(this.#about(), written);
      this.writer()?.clear();
      this.notes.reload();
    });
  }
  protected change(note: Note, change: NoteUpdate): Promise<void> {
    return this.#doing(async () => {
      await this.#client.change(this.#about(), note, change);
      this.edited.set(null);
      this.notes.reload();
    });
  }
  protected async remove(note: Note): Promise<void> {
    const sure = await this.#ask('suivi.removeTitle', {});
    if (!sure) return;
    await this.#doing(async () => {
      await this.#client.remove(this.#about(), note);
      this.notes.reload();
      this.#toasts.done(this.#transloco.translate('suivi.removed'));
    });
  }

  protected give(task: NewTask): Promise<void> {
    return this.#doing(async () => {
      await this.#client.give({ ...task, about: this.#about() });
      this.taskForm()?.clear();
      this.tasks.reload();
    });
  }
  protected done(task: Tache, done: boolean): Promise<void> {
    return this.#doing(async () => {
      const after = await this.#client.set(task, { done });
      this.tasks.reload();
      if (done)
        this.#toasts.undoable(this.#transloco.translate('suivi.isDone'), () => this.done(after, false), task.title);
    });
  }
  protected async drop(task: Tache): Promise<void> {
    const sure = await this.#ask('suivi.removeTask', { title: task.title });
    if (!sure) return;
    await this.#doing(async () => {
      await this.#client.drop(task);
      this.tasks.reload();
      this.#toasts.done(this.#transloco.translate('suivi.removedTask'));
    });
  }

  #ask(title: string, words: Record<string, string>): Promise<boolean> {
    return this.#confirm.ask({
      title: this.#transloco.translate(title, words),
      body: this.#transloco.translate('suivi.removeBody'),
      yes: this.#transloco.translate('suivi.remove'),
      danger: true,
    });
  }
  /** Does it, and tells what the server refuses. What was meanwhile changed is read again. */
  async #doing(act: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    try {
      await act();
    } catch (error) {
      this.#problems.report(error);
      this.notes.reload();
      this.tasks.reload();
    } finally {
      this.busy.set(false);
    }
  }
}
