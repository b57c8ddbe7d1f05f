/** Whether mails come by themselves, or as one a day or a week, and when. */
import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Digest } from '../../../api/models/digest';

/** What is proposed when somebody switches it on. */
const USUAL: Digest = { weekday: null, hour: 8 };

@Component({
  selector: 'afpi-digest-choice',
  imports: [TranslocoPipe],
  template: `
    @let chosen = digest();
    <div class="card-body stack">
      <label class="row-nowrap check">
        <input type="checkbox" [checked]="!!chosen" [disabled]="busy()" (change)="choose.emit(chosen ? null : usual)" />
        {{ 'digest.on' | transloco }}
      </label>
      <p class="muted small">{{ 'digest.text' | transloco }}</p>
      @if (chosen) {
        <div class="row">
          <span class="row-nowrap">
            <label for="digest-day">{{ 'digest.day' | transloco }}</label>
            <select
              id="digest-day"
              class="input"
              [disabled]="busy()"
              (change)="choose.emit({ weekday: number($event) || null, hour: chosen.hour })"
            >
              @for (day of days; track day) {
                <option [value]="day" [selected]="day === (chosen.weekday ?? 0)">
                  {{ 'digest.days.' + day | transloco }}
                </option>
              }
            </select>
          </span>
          <span class="row-nowrap">
            <label for="digest-hour">{{ 'digest.hour' | transloco }}</label>
            <select
              id="digest-hour"
              class="input"
              [disabled]="busy()"
              (change)="choose.emit({ weekday: chosen.weekday, hour: number($event) })"
            >
              @for (hour of hours; track hour) {
                <option [value]="hour" [selected]="hour === chosen.hour">
                  {{ 'digest.at' | transloco: { hour } }}
                </option>
              }
            </select>
          </span>
        </div>
      }
    </div>
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
export class DigestChoice {
  readonly digest = input.required<Digest | null>();
  readonly busy = input.required<boolean>();
  readonly choose = output<Digest | null>();
  protected readonly usual = USUAL;
  /** Every day, and the days of the week. */
  protected readonly days = [0, 1, 2, 3, 4, 5, 6, 7];
  protected readonly hours = Array.from({ length: 24 }, (_, hour) => hour);

  protected number(event: Event): number {
    return Number((event.target as HTMLSelectElement).value);
  }
}
