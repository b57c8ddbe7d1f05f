/** Targets and their progress. Users with the right set them. The actual values come from a plugin and are never
 * typed. */
import { ChangeDetectionStrategy, Component, DestroyRef, inject, input, output, resource } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { createObjectif } from '../../../api/fn/objectifs/create-objectif';
import { deleteObjectif } from '../../../api/fn/objectifs/delete-objectif';
import { listMetrics } from '../../../api/fn/objectifs/list-metrics';
import { Metric } from '../../../api/models/metric';
import { Objectif } from '../../../api/models/objectif';
import { Can } from '../../../shared/auth/can';
import { Undo } from '../../../shared/forms/undo';
import { Problems } from '../../../shared/http/problem';
import { DayPipe, Format } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Empty } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { say, targetFigure } from '../util/figures';
import type { ObjectifQuestion } from './objectif-dialog';

@Component({
  selector: 'afpi-objectives',
  imports: [Can, DayPipe, Empty, Icon, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="objectives-title">
      <header class="card-head">
        <h2 id="objectives-title">{{ 'pilotage.objectives' | transloco }}</h2>
        <button type="button" class="btn btn-s" *afpiCan="'objectifs:write'" (click)="edit(null)">
          <afpi-icon name="plus" [size]="15" />{{ 'pilotage.newObjective' | transloco }}
        </button>
      </header>
      <ul class="grid">
        @for (item of objectifs(); track item.id) {
          <li>
            <p class="row spread">
              <span class="strong">{{ label(item) }}</span>
              <span class="row-nowrap">
                @if (item.attainment; as reached) {
                  <span class="chip" [class]="tone(reached.level)">{{ format.text(reached.label) }}</span>
                }
                <ng-container *afpiCan="'objectifs:write'">
                  <button
                    type="button"
                    class="btn btn-quiet btn-icon btn-s"
                    [attr.aria-label]="'pilotage.editObjective' | transloco: { name: label(item) }"
                    (click)="edit(item)"
                  >
                    <afpi-icon name="pencil" [size]="15" />
                  </button>
                  <button
                    type="button"
                    class="btn btn-quiet btn-icon btn-s"
                    [attr.aria-label]="'pilotage.deleteObjective' | transloco: { name: label(item) }"
                    (click)="remove(item)"
                  >
                    <afpi-icon name="trash" [size]="15" />
                  </button>
                </ng-container>
              </span>
            </p>
            <p class="muted small">
              {{ item.user?.name ?? item.localisation?.name }} · {{ item.period.first | day }} –
              {{ item.period.last | day }}
            </p>
            <p class="row spread">
              <span class="num"
                ><span class="strong">{{ actual(item) }}</span
                >&ngsp;<span class="muted">/ {{ target(item) }}</span></span
              >
              @if (item.attainment?.percent; as percent) {
                <span class="num strong">{{ format.percent(percent / 10000) }}</span>
              }
            </p>
            <svg
              class="bar"
              [class]="tone(item.attainment?.level ?? '')"
              viewBox="0 0 100 6"
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              <rect width="100" height="6" fill="var(--surface-3)" />
              <rect [attr.width]="share(item)" height="6" fill="currentColor" />
            </svg>
            @if (forecast(item); as pace) {
              <p class="muted small">{{ 'pilotage.pace' | transloco: { value: pace } }}</p>
            }
          </li>
        } @empty {
          <li>
            <afpi-empty
              icon="target"
              [title]="'pilotage.noObjective' | transloco"
              [text]="'pilotage.noObjectiveText' | transloco"
            />
          </li>
        }
      </ul>
    </section>
  `,
  styles: `
    .grid {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr));
      gap: 14px;
      padding: 18px;
    }
    .grid > li {
      display: flex;
      flex-direction: column;
      gap: 6px;
      padding: 14px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
    }
    .grid > li:has(afpi-empty) {
      grid-column: 1 / -1;
      border: 0;
    }
    .bar {
      display: block;
      width: 100%;
      height: 7px;
      border-radius: 4px;
      background: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Objectives {
  readonly objectifs = input.required<Objectif[]>();
  readonly period = input.required<string>();
  readonly changed = output();

  readonly #api = inject(Api);
  readonly #gone = inject(DestroyRef);
  readonly #dialog = inject(Dialog);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly format = inject(Format);
  readonly #metrics = resource({ loader: async () => (await this.#api.invoke(listMetrics)).data });

  constructor() {
    inject(Undo).afterwards(() => {
      this.changed.emit();
    });
  }

  protected label(item: Objectif): string {
    return this.format.text(this.#metric(item.metric)?.label) || item.metric;
  }
  protected actual(item: Objectif): string {
    return say(item.actual, this.format);
  }
  protected target(item: Objectif): string {
    return say(targetFigure(item.target, this.#unit(item)), this.format);
  }
  protected forecast(item: Objectif): string {
    const pace = item.attainment?.runRate;
    return pace === null || pace === undefined ? '' : say(targetFigure(pace, this.#unit(item)), this.format);
  }
  protected share(item: Objectif): number {
    return Math.max(0, Math.min(100, (item.attainment?.percent ?? 0) / 100));
  }
  protected tone(level: string): string {
    const tones: Record<string, string> = {
      reached: 'tone-good',
      good: 'tone-teal',
      'under-way': 'tone-info',
      slow: 'tone-warn',
      attention: 'tone-bad',
    };
    return tones[level] ?? '';
  }

  protected async edit(objectif: Objectif | null): Promise<void> {
    const question: ObjectifQuestion = {
      objectif,
      period: this.period(),
      metrics: this.#metrics.hasValue() ? this.#metrics.value() : [],
    };
    const { ObjectifDialog } = await import('./objectif-dialog');
    const ref = this.#dialog.open<boolean>(ObjectifDialog, {
      data: question,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'objective-title',
    });
    await firstValueFrom(ref.closed);
    // A cancelled dialog may also have shown that somebody else changed the target.
    this.changed.emit();
  }

  protected async remove(item: Objectif): Promise<void> {
    const { metric, target, user, localisation } = item;
    const period = this.period();
    await this.#do(async () => {
      await this.#api.invoke(deleteObjectif, { id: item.id });
      this.#toasts.undoable(this.#transloco.translate('pilotage.deleted'), () =>
        this.#do(() =>
          this.#api.invoke(createObjectif, {
            body: {
              metric,
              period,
              target,
              ...(user ? { userId: user.id } : { localisationId: localisation?.id ?? null }),
            },
          }),
        ),
      );
    });
  }

  async #do(run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
      // The user may have left the page before the deletion was undone.
      if (!this.#gone.destroyed) this.changed.emit();
    } catch (error) {
      this.#problems.report(error);
    }
  }

  #metric(id: string): Metric | undefined {
    return this.#metrics.hasValue() ? this.#metrics.value().find((metric) => metric.id === id) : undefined;
  }
  /** Until the metrics are loaded the actual value shows the unit. */
  #unit(item: Objectif): string {
    return this.#metric(item.metric)?.unit ?? item.actual?.kind ?? 'count';
  }
}
