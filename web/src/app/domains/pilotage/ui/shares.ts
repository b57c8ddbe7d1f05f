/** How a number of opportunités divides: a bar for each part, which leads to its opportunités. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Params, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { CountPipe, Format, MoneyPipe } from '../../../shared/i18n/pipes';

export interface Part {
  key: string;
  label: string;
  count: number;
  /** Cents. */
  amount: number;
  /** Those of them that are won, where that is told. */
  won?: number;
  /** The filter of the list that shows the same opportunités. */
  query: Params;
}

@Component({
  selector: 'afpi-shares',
  imports: [CountPipe, MoneyPipe, RouterLink, TranslocoPipe],
  template: `
    <ul>
      @for (part of drawn(); track part.key) {
        <li>
          <a class="part" routerLink="/opportunites" [queryParams]="part.query">
            <span class="row-nowrap spread">
              <span class="ellipsis">{{ part.label }}</span>
              <span class="num numbers">
                @if (part.won !== undefined) {
                  <span class="muted small">{{ 'pilotage.won' | transloco: { n: part.won } }}</span>
                }
                <span class="muted small">{{ part.amount | money: 'short' }}</span>
                <span class="muted small share">{{ part.percent }}</span>
                <b>{{ part.count | count }}</b>
              </span>
            </span>
            <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect width="100" height="6" fill="var(--surface-3)" />
              <rect [attr.width]="part.width" height="6" fill="var(--primary)" />
            </svg>
          </a>
        </li>
      }
    </ul>
  `,
  styles: `
    ul {
      padding: 8px 0;
    }
    .part {
      display: block;
      padding: 6px 18px 8px;
      color: inherit;
    }
    .part:hover {
      background: var(--surface-2);
      text-decoration: none;
    }
    .numbers {
      display: inline-flex;
      flex: none;
      gap: 14px;
      align-items: baseline;
    }
    .share {
      min-width: 40px;
      text-align: right;
    }
    .numbers b {
      min-width: 24px;
      font-weight: 660;
      text-align: right;
    }
    .bar {
      display: block;
      width: 100%;
      height: 7px;
      margin-top: 4px;
      border-radius: 4px;
      background: none;
    }
    @media print {
      .part {
        padding-block: 3px;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Shares {
  readonly parts = input.required<readonly Part[]>();
  readonly #format = inject(Format);
  protected readonly drawn = computed(() => {
    const all = this.parts().reduce((sum, { count }) => sum + count, 0);
    const most = Math.max(1, ...this.parts().map(({ count }) => count));
    return this.parts().map((part) => ({
      ...part,
      width: (part.count / most) * 100,
      percent: this.#format.percent(part.count / Math.max(1, all)),
    }));
  });
}
