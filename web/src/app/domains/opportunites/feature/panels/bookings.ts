/** The half-days that the opportunité has booked. */
import { ChangeDetectionStrategy, Component, effect, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { DayPipe } from '../../../../shared/i18n/pipes';
import { PanelContent, PanelFrame } from '../../../../shared/panels/panels';
import { RecordSubject } from '../../public/record-subject';

@Component({
  imports: [DayPipe, TranslocoPipe],
  template: `
    <ul class="card-body slots">
      @for (slot of subject().record.bookings; track $index) {
        <li class="row spread">
          <span>{{ slot.day | day: 'long' }} · {{ 'half.' + slot.half | transloco }}</span
          ><span class="muted">{{ slot.label }}</span>
        </li>
      }
    </ul>
  `,
  styles: `
    .slots {
      display: flex;
      flex-direction: column;
      gap: 6px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Bookings implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();

  constructor() {
    const frame = inject(PanelFrame);
    effect(() => {
      frame.badge.set(String(this.subject().record.bookings.length));
    });
  }
}
