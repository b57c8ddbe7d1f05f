/** The next sessions at my sites, by day. */
import { ChangeDetectionStrategy, Component, computed, inject, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listSessions } from '../../../api/fn/sessions/list-sessions';
import { Site } from '../../../shared/auth/site';
import { today } from '../../../shared/i18n/format';
import { DayPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { byDay, daysFrom } from '../util/agenda';

const NEXT = 6;
const WEEK = 7;

@Component({
  selector: 'afpi-agenda',
  imports: [DayPipe, Failed, Icon, Loading, RouterLink, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="agenda-title">
      <header class="card-head">
        <h2 id="agenda-title">{{ 'home.agenda' | transloco }}</h2>
        <a class="small" routerLink="/sessions">{{ 'home.allSessions' | transloco }}</a>
      </header>
      @if (sessions.error(); as error) {
        <div class="card-body"><afpi-failed [error]="error" (retry)="sessions.reload()" /></div>
      } @else if (!sessions.hasValue()) {
        <afpi-loading [rows]="4" />
      } @else {
        @if (!week()) {
          <p class="calm muted small">{{ 'home.noSessionThisWeek' | transloco }}</p>
        }
        @for (one of days(); track one.day) {
          <h3 class="small" [class.now]="from(one.day) === 0">
            @switch (from(one.day)) {
              @case (0) {
                {{ 'home.today' | transloco }}
              }
              @case (1) {
                {{ 'home.tomorrow' | transloco }}
              }
              @default {
                {{ one.day | day: 'near' }}
              }
            }
          </h3>
          <ul>
            @for (session of one.sessions; track session.id) {
              <li>
                <a class="item" [routerLink]="['/sessions', session.id]">
                  <span class="mark" [class]="session.status === 'confirmee' ? 'tone-good' : 'tone-warn'"></span>
                  <span class="what">
                    <span class="ellipsis strong">{{ session.title }}</span>
                    <span class="muted small ellipsis"
                      >{{ session.localisation.name
                      }}{{ session.formateurs[0] ? ' · ' + session.formateurs[0] : '' }}</span
                    >
                  </span>
                  <span
                    class="muted small num"
                    [attr.aria-label]="'home.trainees' | transloco: { n: session.stagiaires }"
                    ><afpi-icon name="users" [size]="13" />{{ session.stagiaires }}</span
                  >
                </a>
              </li>
            }
          </ul>
        }
      }
    </section>
  `,
  styles: `
    .calm {
      padding: 14px 18px 4px;
    }
    .calm:last-child {
      padding-bottom: 16px;
    }
    h3 {
      padding: 12px 18px 2px;
      color: var(--muted);
    }
    h3::first-letter {
      text-transform: uppercase;
    }
    h3.now {
      color: var(--primary);
    }
    ul:last-child {
      padding-bottom: 8px;
    }
    .item {
      display: grid;
      grid-template-columns: 4px minmax(0, 1fr) auto;
      gap: 12px;
      align-items: center;
      padding: 6px 18px;
      color: inherit;
      text-decoration: none;
    }
    .item:hover {
      background: var(--surface-2);
    }
    .mark {
      width: 4px;
      height: 30px;
      border-radius: 2px;
      background: currentcolor;
    }
    .what {
      display: grid;
      min-width: 0;
    }
    .num {
      display: inline-flex;
      gap: 4px;
      align-items: center;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Agenda {
  readonly #api = inject(Api);
  readonly #site = inject(Site);
  readonly #today = today();
  protected readonly sessions = resource({
    params: () => this.#site.filter(),
    loader: async ({ params }) =>
      (await this.#api.invoke(listSessions, { ...params, from: this.#today, sort: 'firstDay', limit: NEXT })).data,
  });
  protected readonly days = computed(() => (this.sessions.hasValue() ? byDay(this.sessions.value(), this.#today) : []));
  /** Is there one in the next seven days? */
  protected readonly week = computed(() => this.days().some(({ day }) => this.from(day) < WEEK));

  protected from(day: string): number {
    return daysFrom(this.#today, day);
  }
}
