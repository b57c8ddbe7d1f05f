/** Scheduled work of a plugin: what, when, last and next run, and a switch, for each site. */
import { ChangeDetectionStrategy, Component, inject, input, output, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { setPluginSchedule } from '../../../api/fn/plugins/set-plugin-schedule';
import { PluginDetail } from '../../../api/models/plugin-detail';
import { PluginScheduleOutcome } from '../../../api/models/plugin-schedule-outcome';
import { PluginScheduleSite } from '../../../api/models/plugin-schedule-site';
import { Session } from '../../../shared/auth/session';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';

@Component({
  selector: 'afpi-plugin-schedules',
  imports: [AgoPipe, InstantPipe, TranslocoPipe, TxtPipe],
  template: `
    @for (schedule of plugin().schedules; track schedule.name) {
      <section class="card" [attr.aria-labelledby]="'schedule-' + schedule.name">
        <header class="card-head">
          <h2 [id]="'schedule-' + schedule.name">{{ schedule.sentence | txt }}</h2>
          <span class="chip mono" [attr.title]="'pluginSchedules.cron' | transloco">{{ schedule.cron }}</span>
        </header>
        <div class="table-wrap">
          <table class="table cards">
            <thead>
              <tr>
                <th scope="col">{{ 'shell.site' | transloco }}</th>
                <th scope="col">{{ 'pluginSchedules.next' | transloco }}</th>
                <th scope="col">{{ 'pluginSchedules.last' | transloco }}</th>
                <th scope="col">{{ 'plugins.enabled' | transloco }}</th>
              </tr>
            </thead>
            <tbody>
              @for (site of schedule.sites; track site.localisation.id) {
                <tr>
                  <td class="main">
                    <span class="strong">{{ site.localisation.name }}</span>&ngsp;<span class="muted small">{{
                      site.localisation.code
                    }}</span>
                  </td>
                  <td [attr.data-label]="'pluginSchedules.next' | transloco">
                    @if (site.nextAt; as next) {
                      <time [attr.datetime]="next">{{ next | instant }}</time>
                    } @else {
                      <span class="muted">{{
                        (on(site.localisation.id) ? 'pluginSchedules.off' : 'pluginSchedules.pluginOff') | transloco
                      }}</span>
                    }
                  </td>
                  <td [attr.data-label]="'pluginSchedules.last' | transloco">
                    <div>
                      @if (site.lastAt; as last) {
                        <span class="row-nowrap"
                          ><time [attr.datetime]="last" [attr.title]="last | instant">{{ last | ago }}</time>
                          @if (site.outcome; as outcome) {
                            <span class="chip" [class]="tone(outcome)">{{
                              'pluginSchedules.outcome.' + outcome | transloco
                            }}</span>
                          }
                        </span>
                      } @else {
                        <span class="muted">{{ 'pluginSchedules.never' | transloco }}</span>
                      }
                      @if (site.message; as message) {
                        <div class="bad small">{{ message }}</div>
                      }
                    </div>
                  </td>
                  <td [attr.data-label]="'plugins.enabled' | transloco">
                    <button
                      type="button"
                      class="switch"
                      role="switch"
                      [attr.aria-checked]="site.enabled"
                      [disabled]="!own(site) || busy() === schedule.name + site.localisation.id"
                      [attr.aria-label]="
                        'pluginSchedules.enableOn'
                          | transloco: { name: (schedule.sentence | txt), site: site.localisation.name }
                      "
                      (click)="toggle(schedule.name, site)"
                    ></button>
                  </td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      </section>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 18px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Schedules {
  readonly plugin = input.required<PluginDetail>();
  /** Sites the caller may act on. */
  readonly mine = input.required<ReadonlySet<string>>();
  /** A switch was changed. */
  readonly changed = output();
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #mayConfigure = inject(Session).can('plugins:configure');
  protected readonly busy = signal<string | null>(null);

  protected on(site: string): boolean {
    return this.plugin().sites.some(({ localisation, enabled }) => localisation.id === site && enabled);
  }
  protected own(site: PluginScheduleSite): boolean {
    return this.#mayConfigure && this.mine().has(site.localisation.id);
  }
  protected tone(outcome: PluginScheduleOutcome): string {
    return { done: 'tone-good', retried: 'tone-warn', failed: 'tone-bad' }[outcome];
  }

  protected async toggle(name: string, site: PluginScheduleSite): Promise<void> {
    this.busy.set(name + site.localisation.id);
    try {
      await this.#api.invoke(setPluginSchedule, {
        id: this.plugin().id,
        localisationId: site.localisation.id,
        name,
        body: { enabled: !site.enabled },
      });
      this.changed.emit();
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(null);
    }
  }
}
