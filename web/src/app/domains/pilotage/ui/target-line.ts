/** A target in three lines: how much of it is reached, how much of its time is over, and where the pace leads. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Objectif } from '../../../api/models/objectif';
import { Text } from '../../../api/models/text';
import { today } from '../../../shared/i18n/format';
import { Format } from '../../../shared/i18n/pipes';
import { elapsed, say, targetFigure, toneOf } from '../util/figures';

@Component({
  selector: 'afpi-target',
  imports: [TranslocoPipe],
  template: `
    @let one = objectif();
    <p class="row spread">
      <span class="strong">{{ format.text(label()) || one.metric }}</span>
      @if (one.attainment; as reached) {
        <span class="chip" [class]="tone()">{{ format.text(reached.label) }}</span>
      }
    </p>
    <p class="row spread figures">
      <span class="num"
        ><b>{{ actual() }}</b
        >&ngsp;<span class="muted">/ {{ target() }}</span></span
      >
      @if (one.attainment?.percent; as percent) {
        <span class="num strong">{{ format.percent(percent / 10000) }}</span>
      }
    </p>
    <svg class="bar" [class]="tone()" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect y="1" width="100" height="6" fill="var(--surface-3)" />
      <rect y="1" [attr.width]="share()" height="6" fill="currentColor" />
      @if (over(); as part) {
        <rect [attr.x]="part * 100 - 0.4" width="0.8" height="8" fill="var(--text)" />
      }
    </svg>
    <p class="row spread small muted">
      <span>{{ one.user?.name ?? one.localisation?.name }}</span>
      @if (pace(); as forecast) {
        <span class="num">{{ 'pilotage.pace' | transloco: { value: forecast } }}</span>
      }
    </p>
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
      font-size: 17px;
      font-weight: 660;
      letter-spacing: -0.015em;
    }
    .bar {
      display: block;
      width: 100%;
      height: 9px;
      background: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TargetLine {
  readonly objectif = input.required<Objectif>();
  /** The name of its metric. */
  readonly label = input.required<Text | undefined>();
  /** The unit of its metric. Default: that of the actual figure. */
  readonly unit = input<string>();
  protected readonly format = inject(Format);
  readonly #unit = computed(() => this.unit() ?? this.objectif().actual?.kind ?? 'count');

  protected readonly tone = computed(() => toneOf(this.objectif().attainment?.level));
  protected readonly actual = computed(() => say(this.objectif().actual, this.format));
  protected readonly target = computed(() => this.#say(this.objectif().target));
  protected readonly pace = computed(() => {
    const rate = this.objectif().attainment?.runRate;
    return rate === null || rate === undefined ? '' : this.#say(rate);
  });
  protected readonly share = computed(() =>
    Math.max(0, Math.min(100, (this.objectif().attainment?.percent ?? 0) / 100)),
  );
  /** The part of the period that is over. */
  protected readonly over = computed(() => {
    const { first, last } = this.objectif().period;
    return elapsed(first, last, today());
  });

  #say(value: number): string {
    return say(targetFigure(value, this.#unit()), this.format);
  }
}
