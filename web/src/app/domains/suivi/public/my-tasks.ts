/** My open tasks, by their day, and where I note another one. */
import { ChangeDetectionStrategy, Component, inject, resource, signal, viewChild } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Tache } from '../../../api/models/tache';
import { Problems } from '../../../shared/http/problem';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { SuiviClient } from '../data/suivi-client';
import { NewTask, TaskForm } from '../ui/task-form';
import { TaskRow } from '../ui/task-row';

@Component({
  selector: 'afpi-my-tasks',
  imports: [Failed, Loading, TaskForm, TaskRow, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="tasks-title">
      <header class="card-head">
        <h2 id="tasks-title">{{ 'suivi.mine' | transloco }}</h2>
        @if (tasks.hasValue() && tasks.value().length) {
          <span class="badge">{{ tasks.value().length }}</span>
        }
      </header>
      <div class="card-body stack">
        @if (tasks.error(); as error) {
          <afpi-failed [error]="error" (retry)="tasks.reload()" />
        } @else if (!tasks.hasValue()) {
          <afpi-loading [rows]="3" />
        } @else {
          <ul>
            @for (task of tasks.value(); track task.id) {
              <li>
                <afpi-task-row
                  [task]="task"
                  [linked]="true"
                  [mine]="true"
                  (done)="done(task, $event)"
                  (dropped)="drop(task)"
                />
              </li>
            } @empty {
              <li class="small">
                <p class="strong">{{ 'suivi.noneMine' | transloco }}</p>
                <p class="muted">{{ 'suivi.noneMineText' | transloco }}</p>
              </li>
            }
          </ul>
          <afpi-task-form [busy]="busy()" (added)="add($event)" />
        }
      </div>
    </section>
  `,
  styles: `
    ul {
      display: grid;
      gap: 10px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MyTasks {
  readonly #client = inject(SuiviClient);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly form = viewChild(TaskForm);
  protected readonly busy = signal(false);
  protected readonly tasks = resource({ loader: () => this.#client.mine(false) });

  protected add(task: NewTask): Promise<void> {
    return this.#doing(async () => {
      await this.#client.give(task);
      this.form()?.clear();
    });
  }
  protected done(task: Tache, done: boolean): Promise<void> {
    return this.#doing(async () => {
      const after = await this.#client.set(task, { done });
      if (done)
        this.#toasts.undoable(this.#transloco.translate('suivi.isDone'), () => this.done(after, false), task.title);
    });
  }
  protected drop(task: Tache): Promise<void> {
    return this.#doing(async () => {
      await this.#client.drop(task);
      const again = (): Promise<void> =>
        this.#doing(async () => {
          const { title, dueOn, about } = task;
          await this.#client.give({
            title,
            ...(dueOn && { dueOn }),
            ...(about && { about: { kind: about.kind, id: about.id } }),
          });
        });
      this.#toasts.undoable(this.#transloco.translate('suivi.removedTask'), again, task.title);
    });
  }

  async #doing(act: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    try {
      await act();
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
      this.tasks.reload();
    }
  }
}
