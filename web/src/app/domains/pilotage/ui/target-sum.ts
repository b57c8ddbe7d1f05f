/** The targets of many holders as one: their sum, the pace, and how many stand at each level. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Text } from '../../../api/models/text';
import { today } from '../../../shared/i18n/format';
import { Format } from '../../../shared/i18n/pipes';
import { elapsed, say, targetFigure, toneOf } from '../util/figures';
import { TargetGroup } from '../util/targets';

@Component({
  selector: 'afpi-target-sum',
  imports: [TranslocoPipe],
  template: `
    @let one = group();
    <p class="row spread">
      <span class="strong ellipsis">{{ format.text(label()) || one.metric }}</span>
      <span class="muted small">{{ 'pilotage.holders.' + one.holders | transloco: { n: one.all.length } }}</span>
    </p>
    @if (one.sum; as sum) {
      <p class="row spread figures">
        <span class="num"
          ><b>{{ say(sum.actual) }}</b
          >&ngsp;<span class="muted">/ {{ target() }}</span></span
        >
        <span class="num strong">{{ format.percent(share()) }}</span>
      </p>
      <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect y="1" width="100" height="6" fill="var(--surface-3)" />
        <rect y="1" [attr.width]="width()" height="6" fill="var(--primary)" />
        @if (over(); as part) {
          <rect [attr.x]="part * 100 - 0.4" width="0.8" height="8" fill="var(--text)" />
        }
      </svg>
      @if (pace(); as forecast) {
        <p class="small muted num">{{ 'pilotage.pace' | transloco: { value: forecast } }}</p>
      }
    }
    <ul class="row small levels">
      @for (level of one.levels; track level.level) {
        <li>
          <i [class]="tone(level.level)" aria-hidden="true"></i><b class="num">{{ level.n }}</b
          >&ngsp;<span class="muted">{{ format.text(level.label) }}</span>
        </li>
      }
    </ul>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 5px;
      min-width: 0;
    }
    p {
      flex-wrap: nowrap;
    }
    .figures b {
      font-size: 19px;
      font-weight: 660;
      letter-spacing: -0.015em;
    }
    .bar {
      display: block;
      width: 100%;
      height: 9px;
    }
    .levels {
      gap: 2px 14px;
    }
    .levels b {
      font-weight: 600;
    }
    i {
      display: inline-block;
      width: 8px;
      height: 8px;
      margin-right: 6px;
      border-radius: 50%;
      background: currentcolor;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TargetSum {
  readonly group = input.required<TargetGroup>();
  /** The name of its metric. */
  readonly label = input.required<Text | undefined>();
  protected readonly format = inject(Format);
  protected readonly tone = toneOf;

  readonly #sum = computed(() => this.group().sum);
  protected readonly share = computed(() => {
    const sum = this.#sum();
    return sum?.target ? (sum.actual.value ?? 0) / sum.target : 0;
  });
  protected readonly width = computed(() => Math.max(0, Math.min(100, this.share() * 100)));
  protected readonly target = computed(() => this.#typed(this.#sum()?.target ?? 0));
  protected readonly pace = computed(() => {
    const pace = this.#sum()?.pace;
    return pace === null || pace === undefined ? '' : this.#typed(pace);
  });
  /** The part of the period that is over. */
  protected readonly over = computed(() => {
    const period = this.group().all[0]?.period;
    return period ? elapsed(period.first, period.last, today()) : 0;
  });

  protected say = (figure: Parameters<typeof say>[0]): string => say(figure, this.format);
  #typed(value: number): string {
    return say(targetFigure(value, this.#sum()?.actual.kind ?? 'count'), this.format);
  }
}
