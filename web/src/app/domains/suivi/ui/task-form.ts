/** Adds a task: what, for whom, until when. */
import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import { NotePerson } from '../../../api/models/note-person';
import { Session } from '../../../shared/auth/session';

export interface NewTask {
  title: string;
  ownerId?: string;
  dueOn?: string;
}

let forms = 0;

@Component({
  selector: 'afpi-task-form',
  imports: [ReactiveFormsModule, TranslocoPipe],
  template: `
    <form data-line [formGroup]="form" (ngSubmit)="add()">
      <label class="sr-only" [attr.for]="id">{{ 'suivi.newTask' | transloco }}</label>
      <input
        class="input title"
        formControlName="title"
        maxlength="300"
        autocomplete="off"
        [id]="id"
        [placeholder]="'suivi.newTask' | transloco"
        (focus)="wanted.emit()"
      />
      @if (form.value.title?.trim()) {
        @if (people().length) {
          <select class="input" formControlName="owner" [attr.aria-label]="'suivi.owner' | transloco">
            <option value="">{{ 'suivi.ownerMe' | transloco }}</option>
            @for (person of people(); track person.id) {
              @if (person.id !== me) {
                <option [value]="person.id">{{ person.name }}</option>
              }
            }
          </select>
        }
        <!-- The picker of the browser: the home page should not load another one. -->
        <input type="date" class="input" formControlName="due" [attr.aria-label]="'suivi.due' | transloco" />
        <button type="submit" class="btn btn-s btn-primary" [disabled]="busy() || form.invalid">
          {{ 'suivi.saveTask' | transloco }}
        </button>
      }
    </form>
  `,
  styles: `
    form {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      align-items: center;
    }
    .title {
      flex: 1 1 100%;
    }
    select {
      flex: 1 1 130px;
      width: auto;
    }
    [type='date'] {
      flex: 1 1 140px;
      width: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TaskForm {
  /** Who may get it; none: only oneself. */
  readonly people = input<readonly NotePerson[]>([]);
  readonly busy = input(false);
  readonly added = output<NewTask>();
  readonly wanted = output();

  protected readonly id = `task-${forms++}`;
  protected readonly me = inject(Session).me()?.id;
  protected readonly form = new FormGroup({
    title: new FormControl('', { nonNullable: true, validators: [Validators.required, Validators.maxLength(300)] }),
    owner: new FormControl('', { nonNullable: true }),
    due: new FormControl<string | null>(null),
  });

  /** Empties it after the task was added. */
  clear(): void {
    this.form.reset();
  }

  protected add(): void {
    const { title, owner, due } = this.form.getRawValue();
    if (this.form.invalid || this.busy() || !title.trim()) return;
    this.added.emit({ title: title.trim(), ...(owner && { ownerId: owner }), ...(due && { dueOn: due }) });
  }
}
