/** The hours in which one gets no mail about what happens. */
import { ChangeDetectionStrategy, Component, inject, resource, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getQuietHours } from '../../../api/fn/notifications/get-quiet-hours';
import { putQuietHours } from '../../../api/fn/notifications/put-quiet-hours';
import { QuietHours } from '../../../api/models/quiet-hours';
import { Problems } from '../../../shared/http/problem';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';

/** What is proposed when somebody switches them on. */
const USUAL: QuietHours = { from: 19, to: 7, weekends: true };

@Component({
  selector: 'afpi-quiet-hours',
  imports: [Failed, Loading, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="quiet-title">
      <header class="card-head">
        <h2 id="quiet-title">{{ 'quiet.title' | transloco }}</h2>
      </header>
      <div class="card-body stack">
        <p class="muted">{{ 'quiet.text' | transloco }}</p>
        @if (choice.error(); as error) {
          <afpi-failed [error]="error" (retry)="choice.reload()" />
        } @else if (!choice.hasValue()) {
          <afpi-loading [rows]="1" />
        } @else {
          @let quiet = choice.value().quiet;
          <label class="row-nowrap check">
            <input type="checkbox" [checked]="!!quiet" [disabled]="busy()" (change)="put(quiet ? null : usual)" />
            {{ 'quiet.on' | transloco }}
          </label>
          @if (quiet) {
            <div class="row">
              <span class="row-nowrap">
                <label for="quiet-from">{{ 'quiet.from' | transloco }}</label>
                <select
                  id="quiet-from"
                  class="input"
                  [disabled]="busy()"
                  (change)="put({ from: hour($event), to: quiet.to, weekends: quiet.weekends })"
                >
                  @for (hour of hours; track hour) {
                    <option [value]="hour" [selected]="hour === quiet.from">
                      {{ 'quiet.hour' | transloco: { hour } }}
                    </option>
                  }
                </select>
              </span>
              <span class="row-nowrap">
                <label for="quiet-to">{{ 'quiet.to' | transloco }}</label>
                <select
                  id="quiet-to"
                  class="input"
                  [disabled]="busy()"
                  (change)="put({ from: quiet.from, to: hour($event), weekends: quiet.weekends })"
                >
                  @for (hour of hours; track hour) {
                    <option [value]="hour" [selected]="hour === quiet.to">
                      {{ 'quiet.hour' | transloco: { hour } }}
                    </option>
                  }
                </select>
              </span>
              <label class="row-nowrap check">
                <input
                  type="checkbox"
                  [checked]="quiet.weekends"
                  [disabled]="busy()"
                  (change)="put({ from: quiet.from, to: quiet.to, weekends: !quiet.weekends })"
                />
                {{ 'quiet.weekends' | transloco }}
              </label>
            </div>
          }
        }
      </div>
    </section>
  `,
  styles: `
    .row {
      gap: 12px 20px;
    }
    .input {
      width: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Quiet {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly usual = USUAL;
  protected readonly hours = Array.from({ length: 24 }, (_, hour) => hour);
  protected readonly choice = resource({ loader: () => this.#api.invoke(getQuietHours) });
  protected readonly busy = signal(false);

  protected hour(event: Event): number {
    return Number((event.target as HTMLSelectElement).value);
  }
  /** Each change saves at once. A refusal restores what was. */
  protected async put(quiet: QuietHours | null): Promise<void> {
    const before = this.choice.value();
    this.choice.set({ quiet });
    this.busy.set(true);
    try {
      this.choice.set(await this.#api.invoke(putQuietHours, { body: { quiet } }));
      this.#toasts.undoable(this.#transloco.translate('common.saved'), () => this.put(before?.quiet ?? null));
    } catch (error) {
      this.choice.set(before);
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
  }
}
