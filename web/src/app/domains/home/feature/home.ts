/** Home is my relay inbox: what waits for me, overdue first, then what I changed last. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getInbox } from '../../../api/fn/dashboard/get-inbox';
import { Can } from '../../../shared/auth/can';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { AgoPipe, MoneyPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { NotificationStore } from '../../notifications/public/notification-store';
import { AgeBadge } from '../../opportunites/public/age-badge';
import { StatusChip } from '../../opportunites/public/status-chip';
import { MyTasks } from '../../suivi/public/my-tasks';

@Component({
  imports: [
    AgeBadge,
    AgoPipe,
    Can,
    Empty,
    Failed,
    Icon,
    Loading,
    MoneyPipe,
    MyTasks,
    RouterLink,
    StatusChip,
    TranslocoPipe,
  ],
  templateUrl: './home.html',
  styles: `
    .tile {
      display: flex;
      gap: 14px;
      align-items: center;
      padding: 16px 18px;
      color: inherit;
      text-decoration: none;
    }
    a.tile:hover {
      border-color: var(--primary);
    }
    .tile b {
      display: block;
      font-size: 24px;
      font-weight: 680;
      line-height: 1.1;
      letter-spacing: -0.02em;
      font-variant-numeric: tabular-nums;
    }
    .disc {
      display: grid;
      place-items: center;
      width: 42px;
      height: 42px;
      border-radius: var(--radius-l);
    }
    .item {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 4px 16px;
      padding: 13px 18px;
      color: inherit;
      text-decoration: none;
    }
    .item:hover {
      background: var(--surface-2);
    }
    .item .side {
      display: flex;
      flex-direction: column;
      gap: 4px;
      align-items: flex-end;
    }
    .back {
      display: flex;
      gap: 5px;
      align-items: flex-start;
      overflow-wrap: anywhere;
    }
    @media (max-width: 640px) {
      .tiles {
        grid-template-columns: repeat(3, minmax(0, 1fr));
      }
      .tile {
        flex-direction: column;
        gap: 6px;
        align-items: flex-start;
        padding: 12px;
        font-size: 13px;
        line-height: 1.25;
      }
      .disc {
        width: 34px;
        height: 34px;
      }
    }
    li.late .item {
      box-shadow: inset 3px 0 0 var(--bad);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Home {
  readonly #api = inject(Api);
  readonly #notifications = inject(NotificationStore);
  readonly #site = inject(Site);
  protected readonly session = inject(Session);
  protected readonly inbox = resource({
    params: () => this.#site.filter(),
    loader: ({ params }) => this.#api.invoke(getInbox, params),
  });
  protected readonly firstName = computed(() => this.session.me()?.name.split(' ')[0] ?? '');

  constructor() {
    // A notification means that the relay has moved: read the inbox again.
    let seen = this.#notifications.revision();
    effect(() => {
      const revision = this.#notifications.revision();
      if (revision !== seen) this.inbox.reload();
      seen = revision;
    });
  }
}
