/** The follow-up of a record: its open tasks and its notes, and where both are written. */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  resource,
  signal,
  viewChild,
} from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { AttachmentRecordKind } from '../../../api/models/attachment-record-kind';
import { Courriel } from '../../../api/models/courriel';
import { Note } from '../../../api/models/note';
import { NoteUpdate } from '../../../api/models/note-update';
import { SuiviEntry } from '../../../api/models/suivi-entry';
import { SuiviKind } from '../../../api/models/suivi-kind';
import { Tache } from '../../../api/models/tache';
import { Session } from '../../../shared/auth/session';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, InstantPipe } from '../../../shared/i18n/pipes';
import { PanelFrame } from '../../../shared/panels/panels';
import { Avatar } from '../../../shared/ui/avatar';
import { Confirm } from '../../../shared/ui/confirm';
import { PageAction, PageActions } from '../../../shared/ui/page-actions';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { MailClient } from '../data/mail-client';
import { About, Stretch, SuiviClient } from '../data/suivi-client';
import { ActRow } from '../ui/act-row';
import { MailRow } from '../ui/mail-row';
import { NoteEditor, Written } from '../ui/note-editor';
import { NoteRow } from '../ui/note-row';
import { NewTask, TaskForm } from '../ui/task-form';
import { TaskRow } from '../ui/task-row';
import { ActWords } from '../util/act';

const KINDS: readonly SuiviKind[] = ['note', 'tache', 'mail', 'document', 'mouvement', 'modification'];

@Component({
  selector: 'afpi-follow',
  imports: [
    ActRow,
    Avatar,
    AgoPipe,
    Empty,
    Failed,
    InstantPipe,
    Loading,
    MailRow,
    NoteEditor,
    NoteRow,
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
      position: relative;
    }
    .task {
      display: grid;
      grid-template-columns: 26px minmax(0, 1fr);
      gap: 2px 10px;
    }
    .pinned {
      padding-bottom: 12px;
      border-bottom: 1px solid var(--border);
    }
    .kinds {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
    }
    .kinds .btn[aria-pressed='true'] {
      background: var(--surface-2);
      border-color: var(--primary);
      color: var(--primary);
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
  /** Changes whenever something happens to the record: the timeline is read again. */
  readonly state = input.required<number | string>();
  /** Of an opportunité: the words of its forms. */
  readonly words = input<ActWords>();
  /** The right to write notes and tasks. */
  readonly permission = input.required<string>();

  readonly #client = inject(SuiviClient);
  readonly #mails = inject(MailClient);
  readonly #session = inject(Session);
  readonly #confirm = inject(Confirm);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #about = computed<About>(() => ({ kind: this.kind(), id: this.record() }), {
    equal: (one, two) => one.kind === two.kind && one.id === two.id,
  });
  readonly #asked = signal(false);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly writer = viewChild<NoteEditor>('writer');
  protected readonly taskForm = viewChild(TaskForm);

  protected readonly busy = signal(false);
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
  /** The kind of entries that are shown; all of them without one. */
  protected readonly of = signal<SuiviKind | undefined>(undefined);
  readonly #first = resource({
    params: () => ({ about: this.#about(), of: this.of(), state: this.state() }),
    loader: ({ params }) => this.#client.timeline(params.about, params.of),
  });
  /** The first part, and what was asked for behind it. */
  readonly #read = linkedSignal<Stretch | undefined, Stretch | undefined>({
    source: () => (this.#first.hasValue() ? this.#first.value() : undefined),
    // While it is read again, what is known stays.
    computation: (first, before) => first ?? before?.value,
  });
  protected readonly kinds = KINDS;
  protected readonly failure = computed(() => this.#first.error());
  protected readonly loading = computed(() => !this.#read());
  protected readonly more = computed(() => !!this.#read()?.next);
  /** Pinned notes and open tasks stand above it. */
  protected readonly entries = computed(() => {
    const above = ({ note, tache }: SuiviEntry): boolean => !!note?.pinned || (!!tache && !tache.doneAt);
    return (this.#read()?.entries ?? []).filter((entry) => !above(entry));
  });
  protected readonly pinned = computed(() =>
    this.notes.hasValue() ? this.notes.value().filter(({ pinned }) => pinned) : [],
  );
  /** Read when somebody begins to write. */
  protected readonly people = resource({
    params: () => (this.#asked() ? this.#about() : undefined),
    loader: ({ params }) => this.#client.people(params),
  });

  constructor() {
    const frame = inject(PanelFrame);
    inject(PageActions).offer(
      computed(() =>
        this.editable()
          ? [this.#begins('write', 'afpi-note-editor textarea'), this.#begins('newTask', 'afpi-task-form input')]
          : [],
      ),
    );
    effect(() => {
      const count = (this.notes.hasValue() ? this.notes.value().length : 0) + this.openTasks().length;
      frame.badge.set(count ? String(count) : null);
    });
  }

  /** An action of the page that goes to where something is written. */
  #begins(id: 'write' | 'newTask', field: string): PageAction {
    const run = (): void => {
      this.#host.querySelector<HTMLElement>(field)?.focus();
    };
    return { id, label: this.#transloco.translate(`suivi.${id}`), run };
  }

  protected readonly openTasks = computed<Tache[]>(() => (this.tasks.hasValue() ? this.tasks.value() : []));
  protected readonly known = computed(() => (this.people.hasValue() ? this.people.value() : []));

  protected async further(): Promise<void> {
    const read = this.#read();
    if (!read?.next) return;
    await this.#doing(async () => {
      const on = await this.#client.timeline(this.#about(), this.of(), read.next);
      // Somebody has chosen another kind meanwhile.
      if (this.#read() === read) this.#read.set({ entries: [...read.entries, ...on.entries], next: on.next });
    });
  }
  protected reload(): void {
    this.notes.reload();
    this.tasks.reload();
    this.#first.reload();
  }
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
      this.reload();
    });
  }
  protected change(note: Note, change: NoteUpdate): Promise<void> {
    return this.#doing(async () => {
      await this.#client.change(this.#about(), note, change);
      this.reload();
    });
  }
  protected async remove(note: Note): Promise<void> {
    const sure = await this.#ask('suivi.removeTitle', {});
    if (!sure) return;
    await this.#doing(async () => {
      await this.#client.remove(this.#about(), note);
      this.reload();
      this.#toasts.done(this.#transloco.translate('suivi.removed'));
    });
  }

  protected async takeOut(mail: Courriel): Promise<void> {
    if (!(await this.#ask('suivi.mail.removeTitle', {}))) return;
    await this.#doing(async () => {
      await this.#mails.remove(mail);
      this.reload();
      this.#toasts.done(this.#transloco.translate('suivi.mail.removed'));
    });
  }

  protected give(task: NewTask): Promise<void> {
    return this.#doing(async () => {
      await this.#client.give({ ...task, about: this.#about() });
      this.taskForm()?.clear();
      this.reload();
    });
  }
  protected done(task: Tache, done: boolean): Promise<void> {
    return this.#doing(async () => {
      const after = await this.#client.set(task, { done });
      this.reload();
      if (done)
        this.#toasts.undoable(this.#transloco.translate('suivi.isDone'), () => this.done(after, false), task.title);
    });
  }
  protected async drop(task: Tache): Promise<void> {
    const sure = await this.#ask('suivi.removeTask', { title: task.title });
    if (!sure) return;
    await this.#doing(async () => {
      await this.#client.drop(task);
      this.reload();
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
      this.reload();
    } finally {
      this.busy.set(false);
    }
  }
}
