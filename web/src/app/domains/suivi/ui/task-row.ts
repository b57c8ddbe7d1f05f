/** One task: done or not, what, for whom and until when. */
import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Tache } from '../../../api/models/tache';
import { DayPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';

@Component({
  selector: 'afpi-task-row',
  imports: [DayPipe, Icon, RouterLink, TranslocoPipe],
  template: `
    @let one = task();
    <input
      type="checkbox"
      [checked]="!!one.doneAt"
      [disabled]="!mine()"
      [attr.aria-label]="(one.doneAt ? 'suivi.undone' : 'suivi.done') | transloco: { title: one.title }"
      (change)="done.emit(!one.doneAt)"
    />
    <span class="stack-s">
      <span class="title" [class.struck]="!!one.doneAt">{{ one.title }}</span>
      <span class="muted small row">
        @if (one.dueOn; as day) {
          <span [class.bad]="one.late">{{
            (one.late ? 'suivi.lateSince' : 'suivi.dueOn') | transloco: { day: (day | day) }
          }}</span>
        }
        @if (owner()) {
          <span>{{ one.owner.name }}</span>
        }
        @if (linked() && one.about; as about) {
          <a [routerLink]="['/' + page(about.kind), about.opens]">{{ about.label }}</a>
        }
      </span>
    </span>
    @if (mine()) {
      <button
        type="button"
        class="btn btn-icon btn-s btn-quiet"
        [attr.aria-label]="('suivi.remove' | transloco) + ' : ' + one.title"
        (click)="dropped.emit()"
      >
        <afpi-icon name="trash" [size]="15" />
      </button>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      gap: 2px 10px;
      align-items: start;
    }
    input {
      margin-top: 3px;
    }
    .title {
      overflow-wrap: anywhere;
    }
    .struck {
      color: var(--muted);
      text-decoration: line-through;
    }
    .bad {
      color: var(--bad);
    }
    .row {
      flex-wrap: wrap;
      gap: 2px 10px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TaskRow {
  readonly task = input.required<Tache>();
  /** May the user change it? */
  readonly mine = input(false);
  /** Is its owner shown, and its record? */
  readonly owner = input(false);
  readonly linked = input(false);
  readonly done = output<boolean>();
  readonly dropped = output();

  /** A contact is on the page of its company. */
  protected page(kind: string): string {
    return kind === 'contacts' ? 'entreprises' : kind;
  }
}
