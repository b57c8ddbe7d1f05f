/** One trainer: skills, absences, and bookings of the coming weeks. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { getFormateur } from '../../../api/fn/formateurs/get-formateur';
import { getPlanning } from '../../../api/fn/formateurs/get-planning';
import { Formateur } from '../../../api/models/formateur';
import { PlanningSlot } from '../../../api/models/planning-slot';
import { Can } from '../../../shared/auth/can';
import { isDayOff, isHoliday } from '../../../shared/calendar/holidays';
import { Undo } from '../../../shared/forms/undo';
import { today } from '../../../shared/i18n/format';
import { DayPipe, Format, MoneyPipe } from '../../../shared/i18n/pipes';
import { PanelHost } from '../../../shared/panels/panel-host';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { monthGrid, shiftMonth } from '../util/month-grid';
import { ExpiryBadges } from '../ui/expiry-badges';
import { FormateurDialog } from './formateur-dialog';
import { Why } from '../../roles/public/why';

@Component({
  imports: [
    Can,
    DayPipe,
    Empty,
    ExpiryBadges,
    Failed,
    Icon,
    Loading,
    MoneyPipe,
    PanelHost,
    RouterLink,
    TranslocoPipe,
    Why,
  ],
  templateUrl: './formateur-page.html',
  styleUrl: './formateur-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FormateurPage {
  readonly id = input.required<string>();
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  protected readonly format = inject(Format);
  protected readonly today = today();
  protected readonly record = resource({
    params: () => this.id(),
    loader: ({ params }) => this.#api.invoke(getFormateur, { id: params }),
  });
  /** The month shown, `YYYY-MM`. */
  protected readonly month = signal(this.today.slice(0, 7));
  protected readonly weeks = computed(() => monthGrid(this.month()));
  protected readonly planning = resource({
    params: () => ({ id: this.id(), from: this.weeks()[0]?.[0] ?? '', to: this.weeks().at(-1)?.at(-1) ?? '' }),
    loader: async ({ params }) => (await this.#api.invoke(getPlanning, params)).data,
  });
  readonly #slots = computed(() => {
    const slots = new Map<string, PlanningSlot>();
    for (const slot of this.planning.hasValue() ? this.planning.value() : []) slots.set(slot.day + slot.half, slot);
    return slots;
  });
  protected readonly halves = ['am', 'pm'] as const;
  protected readonly isDayOff = isDayOff;
  protected readonly isHoliday = isHoliday;

  constructor() {
    inject(Undo).afterwards(() => {
      this.record.reload();
      this.planning.reload();
    });
  }

  protected slot(day: string, half: 'am' | 'pm'): PlanningSlot | undefined {
    return this.#slots().get(day + half);
  }
  protected step(by: -1 | 1): void {
    this.month.update((month) => shiftMonth(month, by));
  }
  protected async edit(record: Formateur): Promise<void> {
    const ref = this.#dialog.open<Formateur | null>(FormateurDialog, {
      data: record,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'formateur-title',
    });
    const saved = await firstValueFrom(ref.closed);
    // A cancelled dialog may also have shown that somebody else changed the trainer.
    if (saved) this.record.set(saved);
    else this.record.reload();
    this.planning.reload();
  }
}
