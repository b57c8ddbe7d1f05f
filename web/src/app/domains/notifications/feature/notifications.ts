/** All notifications, and the user's preferences. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, resource, signal } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getDigest } from '../../../api/fn/notifications/get-digest';
import { getPreferences } from '../../../api/fn/notifications/get-preferences';
import { listNotifications } from '../../../api/fn/notifications/list-notifications';
import { putDigest } from '../../../api/fn/notifications/put-digest';
import { putPreferences } from '../../../api/fn/notifications/put-preferences';
import { Digest } from '../../../api/models/digest';
import { Notification } from '../../../api/models/notification';
import { NotificationPreference } from '../../../api/models/notification-preference';
import { PagedList } from '../../../shared/http/paged-list';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { queryState } from '../../../shared/ui/query-state';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { ToastStore } from '../../../shared/ui/toast-store';
import { NotificationStore } from '../public/notification-store';
import { DigestChoice } from '../ui/digest-choice';

@Component({
  imports: [AgoPipe, DigestChoice, Empty, Failed, Icon, InstantPipe, Loading, Tab, Tabs, TranslocoPipe, TxtPipe],
  templateUrl: './notifications.html',
  styles: `
    .item {
      display: grid;
      grid-template-columns: 10px minmax(0, 1fr) auto;
      gap: 4px 12px;
      align-items: start;
      width: 100%;
      padding: 13px 18px;
      border: 0;
      background: none;
      text-align: left;
      cursor: pointer;
    }
    .item:hover {
      background: var(--surface-2);
    }
    .mark {
      width: 8px;
      height: 8px;
      margin-top: 6px;
      border-radius: 50%;
      background: var(--primary);
    }
    .read .mark {
      background: transparent;
    }
    .read .strong {
      font-weight: 450;
    }
    td input {
      vertical-align: middle;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Notifications {
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly store = inject(NotificationStore);
  protected readonly view = queryState({ vue: 'toutes' });
  protected readonly tab = computed(() => this.view.values().vue);
  protected readonly list = new PagedList(
    computed(() =>
      this.tab() === 'preferences' ? null : { limit: 30, ...(this.tab() === 'non-lues' ? { unread: true } : {}) },
    ),
    (params) => this.#api.invoke(listNotifications, params),
  );
  protected readonly preferences = resource({
    params: () => this.tab() === 'preferences' || undefined,
    loader: async () => (await this.#api.invoke(getPreferences)).data,
  });
  protected readonly digest = resource({
    params: () => this.tab() === 'preferences' || undefined,
    loader: () => this.#api.invoke(getDigest),
  });
  protected readonly gathered = computed(() => this.digest.hasValue() && !!this.digest.value().digest);
  protected readonly busy = signal(false);

  constructor() {
    let seen = this.store.revision();
    effect(() => {
      const revision = this.store.revision();
      if (revision !== seen) void this.list.reload();
      seen = revision;
    });
  }

  protected async follow(item: Notification): Promise<void> {
    await this.store.read(item);
    this.list.patch((items) =>
      items.map((one) => (one.id === item.id ? { ...one, readAt: one.readAt ?? new Date().toISOString() } : one)),
    );
    await this.#router.navigateByUrl(item.link);
  }

  /** Each switch saves at once. A refusal restores it. */
  protected async set(kind: NotificationPreference, channel: 'app' | 'email' | 'atOnce', event: Event): Promise<void> {
    const before = this.preferences.value() ?? [];
    const on = (event.target as HTMLInputElement).checked;
    await this.#put(
      before.map((one) => (one.kind === kind.kind ? { ...one, channels: { ...one.channels, [channel]: on } } : one)),
      before,
    );
  }

  /** Each choice saves at once. A refusal restores what was. */
  protected async gather(digest: Digest | null): Promise<void> {
    const before = this.digest.value();
    this.digest.set({ digest });
    this.busy.set(true);
    try {
      this.digest.set(await this.#api.invoke(putDigest, { body: { digest } }));
      this.#toasts.undoable(this.#transloco.translate('common.saved'), () => this.gather(before?.digest ?? null));
    } catch (error) {
      this.digest.set(before);
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
  }

  async #put(data: NotificationPreference[], before: NotificationPreference[]): Promise<void> {
    this.preferences.set(data);
    this.busy.set(true);
    try {
      this.preferences.set((await this.#api.invoke(putPreferences, { body: { data } })).data);
      this.#toasts.undoable(this.#transloco.translate('common.saved'), () => this.#put(before, data));
    } catch (error) {
      this.preferences.set(before);
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
  }
}
