/** What of a trainer has expired, or will soon. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { FormateurExpiry } from '../../../api/models/formateur-expiry';
import { today } from '../../../shared/i18n/format';
import { DayPipe } from '../../../shared/i18n/pipes';
import { standings } from '../util/expiry';

@Component({
  selector: 'afpi-expiry-badges',
  imports: [DayPipe, TranslocoPipe],
  template: `
    @for (one of shown(); track $index) {
      @if (one.left < 0) {
        <span class="chip tone-bad">{{
          'formateurs.hasExpired' | transloco: { name: one.name, day: (one.on | day) }
        }}</span>
      } @else {
        <span class="chip tone-warn">{{ 'formateurs.expires' | transloco: { name: one.name, n: one.left } }}</span>
      }
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      flex-wrap: wrap;
      gap: 4px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ExpiryBadges {
  readonly expiries = input.required<readonly FormateurExpiry[]>();
  /** At most so many, the first to expire first. */
  readonly most = input(Infinity);
  readonly #today = today();
  protected readonly shown = computed(() => standings(this.expiries(), this.#today).slice(0, this.most()));
}
