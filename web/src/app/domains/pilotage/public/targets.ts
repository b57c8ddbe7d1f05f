/** Targets at a glance: a person's own, otherwise those of many holders as one figure. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Metric } from '../../../api/models/metric';
import { Objectif } from '../../../api/models/objectif';
import { Session } from '../../../shared/auth/session';
import { TargetLine } from '../ui/target-line';
import { TargetSum } from '../ui/target-sum';
import { targetGroups } from '../util/targets';

@Component({
  selector: 'afpi-targets',
  imports: [TargetLine, TargetSum, TranslocoPipe],
  template: `
    <ul>
      @for (group of groups(); track group.key) {
        <li>
          @if (group.all.length === 1 && group.all[0]; as one) {
            <afpi-target [objectif]="one" [label]="metric(one.metric)?.label" [unit]="metric(one.metric)?.unit" />
          } @else {
            <afpi-target-sum [group]="group" [label]="metric(group.metric)?.label" />
          }
        </li>
      } @empty {
        <li class="muted small">{{ 'pilotage.noObjective' | transloco }}</li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(260px, 100%), 1fr));
      gap: 20px 36px;
      padding: 16px 18px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Targets {
  readonly objectifs = input.required<readonly Objectif[]>();
  /** Names and units of the metrics. */
  readonly metrics = input.required<readonly Pick<Metric, 'id' | 'label' | 'unit'>[]>();
  readonly most = input(4);
  readonly #session = inject(Session);
  protected readonly groups = computed(() =>
    targetGroups(this.objectifs(), this.#session.me()?.id ?? '').slice(0, this.most()),
  );

  protected metric(id: string): Pick<Metric, 'id' | 'label' | 'unit'> | undefined {
    return this.metrics().find((one) => one.id === id);
  }
}
