/** Targets and their progress. Users with the right set them. The actual values come from a plugin and are never
 * typed. */
import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, input, resource } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { createObjectif } from '../../../api/fn/objectifs/create-objectif';
import { deleteObjectif } from '../../../api/fn/objectifs/delete-objectif';
import { listMetrics } from '../../../api/fn/objectifs/list-metrics';
import { Dashboard } from '../../../api/models/dashboard';
import { Metric } from '../../../api/models/metric';
import { Objectif } from '../../../api/models/objectif';
import { Can } from '../../../shared/auth/can';
import { Undo } from '../../../shared/forms/undo';
import { Problems } from '../../../shared/http/problem';
import { Format } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Empty } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { FigureStore } from '../data/figure-store';
import { say, targetFigure, toneOf } from '../util/figures';
import type { ObjectifQuestion } from './objectif-dialog';

@Component({
  imports: [Can, Empty, Icon, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="objectives-title">
      <header class="card-head">
        <h2 id="objectives-title">{{ 'pilotage.objectives' | transloco }}</h2>
        <button type="button" class="btn btn-s" *afpiCan="'objectifs:write'" (click)="edit(null)">
          <afpi-icon name="plus" [size]="15" />{{ 'pilotage.newObjective' | transloco }}
        </button>
      </header>
      @if (rows().length) {
        <div class="table-wrap">
          <table class="table cards" [attr.aria-label]="'pilotage.objectives' | transloco">
            <thead>
              <tr>
                <th scope="col">{{ 'pilotage.owner' | transloco }}</th>
                <th scope="col">{{ 'pilotage.metric' | transloco }}</th>
                <th scope="col" class="right">{{ 'pilotage.actual' | transloco }}</th>
                <th scope="col" class="right">{{ 'pilotage.aim' | transloco }}</th>
                <th scope="col" class="progress-head">{{ 'pilotage.reached' | transloco }}</th>
                <th scope="col" class="right">{{ 'pilotage.paceHead' | transloco }}</th>
                <th scope="col">{{ 'pilotage.level' | transloco }}</th>
                <th scope="col">
                  <span class="sr-only">{{ 'common.actions' | transloco }}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              @for (item of rows(); track item.id) {
                <tr>
                  <th scope="row">{{ item.user?.name ?? item.localisation?.name }}</th>
                  <td [attr.data-label]="'pilotage.metric' | transloco">{{ label(item) }}</td>
                  <td class="right num strong" [attr.data-label]="'pilotage.actual' | transloco">{{ actual(item) }}</td>
                  <td class="right num" [attr.data-label]="'pilotage.aim' | transloco">{{ target(item) }}</td>
                  <td class="share" [attr.data-label]="'pilotage.reached' | transloco">
                    <span>
                      <svg
                        class="bar"
                        [class]="tone(item.attainment?.level)"
                        viewBox="0 0 100 6"
                        preserveAspectRatio="none"
                        aria-hidden="true"
                      >
                        <rect width="100" height="6" fill="var(--surface-3)" />
                        <rect [attr.width]="share(item)" height="6" fill="currentColor" />
                      </svg>
                      <span class="num">{{ percent(item) }}</span>
                    </span>
                  </td>
                  <td class="right num some" [attr.data-label]="'pilotage.paceHead' | transloco">
                    {{ forecast(item) || '—' }}
                  </td>
                  <td class="some" [attr.data-label]="'pilotage.level' | transloco">
                    @if (item.attainment; as reached) {
                      <span class="chip" [class]="tone(reached.level)">{{ format.text(reached.label) }}</span>
                    }
                  </td>
                  <td class="right">
                    <span class="row-nowrap acts" *afpiCan="'objectifs:write'">
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
                    </span>
                  </td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      } @else {
        <afpi-empty
          icon="target"
          [title]="'pilotage.noObjective' | transloco"
          [text]="'pilotage.noObjectiveText' | transloco"
        />
      }
    </section>
  `,
  styles: `
    .table td,
    .table th {
      padding-block: 6px;
    }
    .table tbody th {
      font-weight: 500;
    }
    .table tr > :first-child {
      padding-left: 18px;
    }
    .progress-head {
      width: 190px;
    }
    .share > span {
      display: grid;
      grid-template-columns: minmax(60px, 1fr) 56px;
      gap: 10px;
      align-items: center;
    }
    .share .num {
      text-align: right;
    }
    .bar {
      display: block;
      width: 100%;
      height: 6px;
      border-radius: 3px;
      background: none;
    }
    @media (max-width: 640px) {
      .table .some {
        display: none;
      }
    }
    .acts {
      gap: 2px;
      justify-content: flex-end;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Objectives {
  readonly dashboard = input.required<Dashboard>();

  readonly #store = inject(FigureStore);
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
      this.#store.dashboard.reload();
    });
  }

  /** By metric, sites before people, the furthest behind first. */
  protected readonly rows = computed(() =>
    this.dashboard().objectifs.toSorted(
      (a, b) =>
        a.metric.localeCompare(b.metric) ||
        Number(!!a.user) - Number(!!b.user) ||
        (a.attainment?.percent ?? Infinity) - (b.attainment?.percent ?? Infinity),
    ),
  );

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
  protected percent(item: Objectif): string {
    const percent = item.attainment?.percent;
    return percent === null || percent === undefined ? '—' : this.format.percent(percent / 10_000);
  }
  protected readonly tone = toneOf;

  protected async edit(objectif: Objectif | null): Promise<void> {
    const question: ObjectifQuestion = {
      objectif,
      period: this.#store.period(),
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
    this.#store.dashboard.reload();
  }

  protected async remove(item: Objectif): Promise<void> {
    const { metric, target, user, localisation } = item;
    const period = this.#store.period();
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
      if (!this.#gone.destroyed) this.#store.dashboard.reload();
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
