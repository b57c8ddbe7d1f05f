/** What waits for me, grouped by what I do with it: reason, sender, age, and the record opened at its section. */
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Inbox } from '../../../api/models/inbox';
import { Session } from '../../../shared/auth/session';
import { AgePipe, MoneyPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { NextSteps } from '../../opportunites/public/next-steps';
import { StatusChip } from '../../opportunites/public/status-chip';
import { grouped } from '../util/queue';

/** More records of a group are folded. */
const SHOWN = 5;

@Component({
  selector: 'afpi-queue',
  imports: [AgePipe, Icon, MoneyPipe, RouterLink, StatusChip, TranslocoPipe, TxtPipe],
  templateUrl: './queue.html',
  styleUrl: './queue.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Queue {
  readonly inbox = input.required<Inbox>();
  readonly #steps = inject(NextSteps);
  readonly #session = inject(Session);
  /** The groups that show all their records, by status. */
  readonly #open = signal<ReadonlySet<string>>(new Set());
  protected readonly me = computed(() => this.#session.me()?.id);

  protected readonly groups = computed(() => {
    const role = this.#session.me()?.role;
    const groups = grouped(this.inbox().waiting, (status) => (role ? this.#steps.onwards(status, role) : []));
    return groups.map((group) => ({
      ...group,
      shown: this.#open().has(group.status) ? group.items : group.items.slice(0, SHOWN),
    }));
  });

  protected limit(section: string): number | null {
    return this.#steps.limitHours(section);
  }
  protected open(status: string): void {
    this.#open.update((open) => new Set([...open, status]));
  }
}
