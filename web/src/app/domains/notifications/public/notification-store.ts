/** The user's notifications: the unread count and the latest ones, updated by the server's event stream. */
import { Injectable, inject, signal } from '@angular/core';
import { Api } from '../../../api/api';
import { getUnreadCount } from '../../../api/fn/notifications/get-unread-count';
import { listNotifications } from '../../../api/fn/notifications/list-notifications';
import { readAllNotifications } from '../../../api/fn/notifications/read-all-notifications';
import { readNotification } from '../../../api/fn/notifications/read-notification';
import { Notification } from '../../../api/models/notification';
import { UnreadCount } from '../../../api/models/unread-count';
import { Live } from '../../../shared/http/live';
import { isProblem, Problems } from '../../../shared/http/problem';
import { Format } from '../../../shared/i18n/pipes';
import { ToastStore } from '../../../shared/ui/toast-store';

const LATEST = 8;

@Injectable({ providedIn: 'root' })
export class NotificationStore {
  readonly #api = inject(Api);
  readonly #live = inject(Live);
  readonly #toasts = inject(ToastStore);
  readonly #problems = inject(Problems);
  readonly #format = inject(Format);
  readonly #unread = signal(0);
  readonly #latest = signal<Notification[]>([]);
  /** Increases when a notification arrives or is read elsewhere. Lists reload then. */
  readonly #revision = signal(0);

  readonly unread = this.#unread.asReadonly();
  readonly latest = this.#latest.asReadonly();
  readonly connected = this.#live.connected;
  readonly revision = this.#revision.asReadonly();

  constructor() {
    this.#live.on('notification', (body) => {
      this.#arrived(body as Notification);
    });
    this.#live.on('unread', (body) => {
      this.#counted(body as UnreadCount);
    });
  }

  /** Opens the live stream. The shell calls it after sign-in. */
  listen(): void {
    this.#live.listen();
    void this.refreshCount();
  }

  hush(): void {
    this.#live.hush();
    this.#latest.set([]);
    this.#unread.set(0);
  }

  async refreshCount(): Promise<void> {
    try {
      this.#unread.set((await this.#api.invoke(getUnreadCount)).unread);
    } catch (error) {
      if (!isProblem(error)) throw error;
    }
  }

  async refreshLatest(): Promise<void> {
    try {
      this.#latest.set((await this.#api.invoke(listNotifications, { limit: LATEST })).data);
    } catch (error) {
      this.#problems.report(error);
    }
  }

  async read(item: Notification): Promise<void> {
    if (item.readAt) return;
    try {
      await this.#api.invoke(readNotification, { id: item.id });
      const readAt = new Date().toISOString();
      this.#latest.update((items) => items.map((one) => (one.id === item.id ? { ...one, readAt } : one)));
      this.#unread.update((count) => Math.max(0, count - 1));
    } catch (error) {
      this.#problems.report(error);
    }
  }

  async readAll(): Promise<void> {
    try {
      await this.#api.invoke(readAllNotifications);
      const readAt = new Date().toISOString();
      this.#latest.update((items) => items.map((one) => ({ ...one, readAt: one.readAt ?? readAt })));
      this.#unread.set(0);
      this.#revision.update((n) => n + 1);
    } catch (error) {
      this.#problems.report(error);
    }
  }

  #arrived(item: Notification): void {
    this.#latest.update((items) => [item, ...items.filter(({ id }) => id !== item.id)].slice(0, LATEST));
    this.#toasts.show({ tone: 'info', text: this.#format.text(item.title), details: [this.#format.text(item.body)] });
    this.#revision.update((n) => n + 1);
  }

  #counted({ unread }: UnreadCount): void {
    this.#unread.set(unread);
    this.#revision.update((n) => n + 1);
  }
}
