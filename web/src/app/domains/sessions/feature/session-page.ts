/** One session: its half-days with times, its opportunités, its trainees and their attendance. */
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  resource,
  signal,
} from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { AttendanceMark } from '../../../api/models/attendance-mark';
import { HalfDayTimes } from '../../../api/models/half-day-times';
import { SessionHalfDay } from '../../../api/models/session-half-day';
import { SessionRecord } from '../../../api/models/session-record';
import { SessionParticipant } from '../../../api/models/session-participant';
import { Can } from '../../../shared/auth/can';
import { Session as SignedIn } from '../../../shared/auth/session';
import { Undo } from '../../../shared/forms/undo';
import { Problems } from '../../../shared/http/problem';
import { DayPipe, Format } from '../../../shared/i18n/pipes';
import { PanelHost } from '../../../shared/panels/panel-host';
import { ExportButton } from '../../../shared/ui/export-button';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { askForBatch } from '../../documents/public/batch-dialog';
import { SessionClient } from '../data/session-client';
import { AttendanceTable } from '../ui/attendance-table';
import { StatusChip } from '../ui/status-chip';
import { clockOf } from '../util/clock';
import { HalfDaysDialog } from './half-days-dialog';
import { SessionDialog } from './session-dialog';

@Component({
  imports: [
    AttendanceTable,
    Can,
    DayPipe,
    Empty,
    ExportButton,
    Failed,
    Icon,
    Loading,
    PanelHost,
    RouterLink,
    StatusChip,
    TranslocoPipe,
  ],
  templateUrl: './session-page.html',
  styles: `
    .columns {
      display: grid;
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
      gap: 16px;
      align-items: start;
    }
    @media (width <= 900px) {
      .columns {
        grid-template-columns: minmax(0, 1fr);
      }
    }
    .time {
      width: 76px;
    }
    .programme {
      white-space: pre-line;
    }
    .names {
      display: flex;
      flex-direction: column;
      gap: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SessionPage {
  readonly id = input.required<string>();
  readonly #client = inject(SessionClient);
  readonly #dialog = inject(Dialog);
  readonly #format = inject(Format);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly me = inject(SignedIn);
  protected readonly record = resource({
    params: () => this.id(),
    loader: ({ params }) => this.#client.get(params),
  });
  protected readonly grid = resource({
    params: () => this.id(),
    loader: ({ params }) => this.#client.attendance(params),
  });
  /** Times that were typed and are not saved yet, by half-day. */
  protected readonly typed = linkedSignal<string, ReadonlyMap<string, HalfDayTimes>>({
    source: () => this.id(),
    computation: () => new Map(),
  });
  protected readonly busy = signal(false);
  protected readonly count = computed(() =>
    this.record.hasValue() ? this.record.value().stagiaires.filter(({ takesPart }) => takesPart).length : 0,
  );
  protected readonly warning = computed(() => {
    if (!this.record.hasValue()) return null;
    const { capacityMin, capacityMax } = this.record.value();
    if (capacityMax && this.count() > capacityMax) return 'sessions.over';
    return capacityMin && this.count() < capacityMin ? 'sessions.under' : null;
  });

  constructor() {
    inject(Undo).afterwards(() => this.record.reload());
  }

  protected at({ day, half }: SessionHalfDay): string {
    return `${this.#format.day(day, 'long')}, ${this.#transloco.translate(`half.${half}`)}`;
  }
  protected time(of: SessionHalfDay, which: 'start' | 'end', text: string): void {
    this.#type(of, { [which]: clockOf(text) });
  }
  protected remote(of: SessionHalfDay, remote: boolean): void {
    this.#type(of, { remote });
  }
  #type(of: SessionHalfDay, part: Partial<HalfDayTimes>): void {
    const { day, half, start, end, remote } = of;
    this.typed.update((before) => {
      const now = before.get(day + half) ?? { day, half, start, end, remote };
      return new Map(before).set(day + half, { ...now, ...part });
    });
  }
  protected saveTimes(): Promise<void> {
    return this.#try(async () => {
      if (!this.record.hasValue()) return;
      const saved = await this.#client.change(this.record.value(), { times: [...this.typed().values()] });
      this.typed.set(new Map());
      this.record.set(saved);
      this.grid.reload();
      this.#toasts.done(this.#transloco.translate('common.saved'));
    });
  }
  protected async edit(): Promise<void> {
    if (!this.record.hasValue()) return;
    const ref = this.#dialog.open(SessionDialog, {
      data: this.record.value(),
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'session-title',
    });
    await firstValueFrom(ref.closed);
    this.record.reload();
  }
  protected async plan(): Promise<void> {
    if (!this.record.hasValue()) return;
    const ref = this.#dialog.open<SessionRecord | null>(HalfDaysDialog, {
      data: this.record.value(),
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'half-days-plan',
    });
    if (!(await firstValueFrom(ref.closed))) return;
    this.record.reload();
    this.grid.reload();
  }
  /** Convocations, certificates: what there is for each trainee. */
  protected async sendAll(): Promise<void> {
    await askForBatch(this.#dialog, { session: this.id() });
  }
  protected toggle(person: SessionParticipant): Promise<void> {
    return this.#try(async () => {
      if (!this.record.hasValue()) return;
      const wanted = this.record.value().stagiaires.filter(({ id, takesPart }) => takesPart !== (id === person.id));
      this.record.set(
        await this.#client.choose(
          this.id(),
          wanted.map(({ id }) => id),
        ),
      );
      this.grid.reload();
    });
  }
  protected async mark(cells: AttendanceMark[]): Promise<void> {
    try {
      this.grid.set(await this.#client.mark(this.id(), cells));
    } catch (error) {
      this.#problems.report(error);
      this.grid.reload();
    }
  }

  async #try(run: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      await run();
    } catch (error) {
      this.#problems.report(error);
      this.record.reload();
    } finally {
      this.busy.set(false);
    }
  }
}
