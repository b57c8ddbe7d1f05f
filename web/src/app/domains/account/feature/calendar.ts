/** One's calendar for other programs: its secret address, made, shown once, and ended. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { endCalendar } from '../../../api/fn/auth/end-calendar';
import { getCalendar } from '../../../api/fn/auth/get-calendar';
import { putCalendar } from '../../../api/fn/auth/put-calendar';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, InstantPipe } from '../../../shared/i18n/pipes';
import { Confirm } from '../../../shared/ui/confirm';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';

@Component({
  selector: 'afpi-calendar-address',
  imports: [AgoPipe, Failed, InstantPipe, Loading, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="calendar-title">
      <header class="card-head">
        <h2 id="calendar-title">{{ 'feed.title' | transloco }}</h2>
        @if (known()) {
          <button type="button" class="btn btn-s" [disabled]="busy()" (click)="end()">
            {{ 'feed.end' | transloco }}
          </button>
        }
      </header>
      <div class="card-body stack">
        <p class="muted">{{ 'feed.text' | transloco }}</p>
        @if (calendar.error(); as error) {
          <afpi-failed [error]="error" (retry)="calendar.reload()" />
        } @else if (calendar.isLoading()) {
          <afpi-loading [rows]="1" />
        } @else {
          @if (made(); as url) {
            <div class="stack-s">
              <label for="calendar-url">{{ 'feed.address' | transloco }}</label>
              <span class="row-nowrap">
                <input id="calendar-url" class="input grow mono" readonly [value]="url" (focus)="mark($event)" />
                <button type="button" class="btn" (click)="copy(url)">{{ 'feed.copy' | transloco }}</button>
              </span>
              <p class="muted small">{{ 'feed.once' | transloco }}</p>
            </div>
          } @else if (known(); as one) {
            <p>
              {{ 'feed.since' | transloco: { at: (one.createdAt | instant) } }}
              @if (one.readAt; as at) {
                {{ 'feed.read' | transloco }} {{ at | ago }}.
              } @else {
                {{ 'feed.unread' | transloco }}
              }
            </p>
          }
          <label class="row-nowrap check">
            <input type="checkbox" [checked]="sessions()" (change)="sessions.set(!sessions())" />
            {{ 'feed.sessions' | transloco }}
          </label>
          <p>
            <button type="button" class="btn" [disabled]="busy()" (click)="make()">
              {{ (known() ? 'feed.renew' : 'feed.make') | transloco }}
            </button>
          </p>
        }
      </div>
    </section>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CalendarAddress {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly calendar = resource({ loader: async () => (await this.#api.invoke(getCalendar)).calendar });
  protected readonly known = computed(() => (this.calendar.hasValue() ? this.calendar.value() : null));
  protected readonly busy = signal(false);
  protected readonly sessions = signal(false);
  /** The address, which the server tells only once. */
  protected readonly made = signal<string | null>(null);

  protected async make(): Promise<void> {
    if (this.known() && !(await this.#ask('feed.renew', 'feed.renewText'))) return;
    await this.#doing(async () => {
      const made = await this.#api.invoke(putCalendar, { body: { sessions: this.sessions() } });
      this.made.set(made.url ?? null);
    });
  }
  protected async end(): Promise<void> {
    if (!(await this.#ask('feed.end', 'feed.endText'))) return;
    await this.#doing(async () => {
      await this.#api.invoke(endCalendar);
      this.made.set(null);
      this.#toasts.done(this.#transloco.translate('feed.ended'));
    });
  }
  protected async copy(url: string): Promise<void> {
    await navigator.clipboard.writeText(url);
    this.#toasts.done(this.#transloco.translate('feed.copied'));
  }
  protected mark(event: Event): void {
    (event.target as HTMLInputElement).select();
  }

  #ask(title: string, body: string): Promise<boolean> {
    const word = this.#transloco.translate(title);
    return this.#confirm.ask({ title: word, body: this.#transloco.translate(body), yes: word, danger: true });
  }
  async #doing(act: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    try {
      await act();
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
    this.calendar.reload();
  }
}
