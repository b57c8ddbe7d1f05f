/** A half-day of a session: when, with whom and where. */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  linkedSignal,
  output,
} from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Half } from '../../../../api/models/half';
import { PlanningBoard } from '../../../../api/models/planning-board';
import { SessionHalfDayRow } from '../../../../api/models/session-half-day-row';
import { Icon } from '../../../../shared/ui/icon';
import { HALVES } from '../../util/planning/days';

export interface Typed {
  row: SessionHalfDayRow;
  /** Its trainer and room are those of all half-days. */
  all: boolean;
}

@Component({
  selector: 'afpi-half-day-form',
  imports: [Icon, TranslocoPipe],
  template: `
    <form novalidate (submit)="save($event)">
      @if (refusals().length) {
        <div class="notice notice-bad small" role="alert">
          <afpi-icon name="circle-alert" [size]="16" class="bad" />
          <div>
            @for (line of refusals(); track line) {
              <p>{{ line }}</p>
            }
          </div>
        </div>
      }
      <div class="field">
        <label for="half-day-day">{{ 'planning.side.day' | transloco }}</label><input
          id="half-day-day"
          class="input input-s"
          type="date"
          required
          [value]="typed().day"
          (change)="set('day', $event)"
        />
      </div>
      <div class="field">
        <label for="half-day-half">{{ 'planning.side.half' | transloco }}</label><select
          id="half-day-half"
          class="input input-s"
          (change)="set('half', $event)"
        >
          @for (half of halves; track half) {
            <option [value]="half" [selected]="half === typed().half">{{ 'half.' + half | transloco }}</option>
          }
        </select>
      </div>
      <div class="field">
        <label for="half-day-trainer">{{ 'planning.side.trainer' | transloco }}</label><select
          id="half-day-trainer"
          class="input input-s"
          (change)="set('formateurId', $event)"
        >
          <option value="">{{ 'planning.side.nobody' | transloco }}</option>
          @for (one of trainers(); track one.id) {
            <option [value]="one.id" [selected]="one.id === typed().formateurId">
              {{ one.name || ('planning.side.current' | transloco) }}
            </option>
          }
        </select>
      </div>
      <div class="field">
        <label for="half-day-room">{{ 'planning.side.room' | transloco }}</label><select
          id="half-day-room"
          class="input input-s"
          (change)="set('salleId', $event)"
        >
          <option value="">{{ 'planning.side.nobody' | transloco }}</option>
          @for (one of rooms(); track one.id) {
            <option [value]="one.id" [selected]="one.id === typed().salleId">
              {{ one.name || ('planning.side.current' | transloco) }}
            </option>
          }
        </select>
      </div>
      <label class="check small wide"
        ><input type="checkbox" [checked]="all()" (change)="all.set($any($event.target).checked)" />{{
          'planning.side.all' | transloco
        }}</label
      >
      <div class="row wide">
        <button type="submit" class="btn btn-s btn-primary" [attr.aria-disabled]="busy()">
          {{ 'common.save' | transloco }}
        </button>
        <button type="button" class="btn btn-s" (click)="cancelled.emit()">{{ 'common.cancel' | transloco }}</button>
        @if (removable()) {
          <button type="button" class="btn btn-s btn-quiet" [attr.aria-disabled]="busy()" (click)="removed.emit()">
            <afpi-icon name="trash" [size]="14" />{{ 'planning.side.remove' | transloco }}
          </button>
        }
      </div>
    </form>
  `,
  styles: `
    :host {
      display: block;
    }
    form {
      display: grid;
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
      gap: 10px;
      padding: 8px 8px 12px;
    }
    .notice,
    .wide {
      grid-column: 1 / -1;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HalfDayForm {
  readonly row = input.required<SessionHalfDayRow>();
  readonly board = input<PlanningBoard | null>(null);
  /** The site of the session: its rooms may be chosen. */
  readonly site = input.required<string>();
  readonly busy = input(false);
  readonly refusals = input<readonly string[]>([]);
  readonly removable = input(false);
  readonly saved = output<Typed>();
  readonly removed = output();
  readonly cancelled = output();
  protected readonly halves: readonly Half[] = HALVES;
  protected readonly typed = linkedSignal(() => this.row());
  protected readonly all = linkedSignal<SessionHalfDayRow, boolean>({ source: this.row, computation: () => false });
  protected readonly trainers = computed(() => withCurrent(this.board()?.formateurs ?? [], this.row().formateurId));
  protected readonly rooms = computed(() =>
    withCurrent(
      (this.board()?.salles ?? []).filter(({ localisationId }) => localisationId === this.site()),
      this.row().salleId,
    ),
  );

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => {
      host.scrollIntoView({ block: 'nearest' });
    });
  }

  protected set(name: keyof SessionHalfDayRow, event: Event): void {
    const { value } = event.target as HTMLInputElement | HTMLSelectElement;
    this.typed.update((row) => ({ ...row, [name]: value || null }));
  }
  protected save(event: Event): void {
    event.preventDefault();
    if (this.typed().day) this.saved.emit({ row: this.typed(), all: this.all() });
  }
}

/** The choices, and the present one when it is not among them. */
function withCurrent(
  choices: readonly { id: string; name: string }[],
  current: string | null | undefined,
): { id: string; name: string }[] {
  const known = !current || choices.some(({ id }) => id === current);
  return [...choices, ...(known ? [] : [{ id: current, name: '' }])].map(({ id, name }) => ({ id, name }));
}
