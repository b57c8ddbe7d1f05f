/**
 * Home says what to do now: what waits for me by action, then the agenda, my tasks and my targets, and for those who
 * lead or administrate what needs them. Each panel reads its own data and fails alone.
 */
import { ChangeDetectionStrategy, Component, computed, effect, inject, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getAbsence } from '../../../api/fn/auth/get-absence';
import { getInbox } from '../../../api/fn/dashboard/get-inbox';
import { Can } from '../../../shared/auth/can';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { today } from '../../../shared/i18n/format';
import { AgoPipe, DayPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { NotificationStore } from '../../notifications/public/notification-store';
import { MyTasks } from '../../suivi/public/my-tasks';
import { Agenda } from './agenda';
import { FirstSteps } from './first-steps';
import { MyTargets } from './my-targets';
import { Queue } from './queue';
import { Receivables } from './receivables';
import { Team } from './team';
import { Watch } from './watch';

@Component({
  imports: [
    Agenda,
    AgoPipe,
    Can,
    DayPipe,
    Failed,
    FirstSteps,
    Icon,
    Loading,
    MyTargets,
    MyTasks,
    Queue,
    Receivables,
    RouterLink,
    Team,
    TranslocoPipe,
    Watch,
  ],
  templateUrl: './home.html',
  styleUrl: './home.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Home {
  readonly #api = inject(Api);
  readonly #notifications = inject(NotificationStore);
  readonly #site = inject(Site);
  protected readonly session = inject(Session);
  protected readonly today = today();
  protected readonly inbox = resource({
    params: () => this.#site.filter(),
    loader: ({ params }) => this.#api.invoke(getInbox, params),
  });
  /** The absent people whose work is mine today. A failure leaves the page as it is. */
  readonly #standing = resource({ loader: () => this.#api.invoke(getAbsence) });
  protected readonly standsInFor = computed(() =>
    this.#standing.hasValue() ? this.#standing.value().standsInFor : [],
  );
  protected readonly firstName = computed(() => this.session.me()?.name.split(' ')[0] ?? '');
  /** Does the person lead the work of others? */
  protected readonly leads = computed(
    () => this.session.me()?.reach !== 'own' && this.session.can('opportunites:create'),
  );

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
