/** Amounts by year as small bars. The text beside it says them. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

const [WIDTH, HEIGHT, GAP] = [64, 18, 5];

@Component({
  selector: 'afpi-year-bars',
  template: `
    <svg [attr.viewBox]="'0 0 ' + width + ' ' + height" role="img" [attr.aria-label]="label()">
      @for (bar of bars(); track bar.year) {
        <rect
          rx="2"
          [class.now]="$last"
          [attr.x]="bar.x"
          [attr.y]="height - bar.height"
          [attr.width]="bar.width"
          [attr.height]="bar.height"
        >
          <title>{{ bar.text }}</title>
        </rect>
      }
    </svg>
  `,
  styles: `
    svg {
      display: block;
      width: 64px;
      height: 18px;
    }
    rect {
      fill: color-mix(in srgb, var(--primary) 38%, var(--surface));
    }
    rect.now {
      fill: var(--primary);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class YearBars {
  /** The oldest year first. */
  readonly years = input.required<readonly { year: number; value: number; text: string }[]>();
  readonly label = input.required<string>();
  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly bars = computed(() => {
    const all = this.years();
    const most = Math.max(1, ...all.map(({ value }) => value));
    const width = (WIDTH - GAP * (all.length - 1)) / all.length;
    return all.map(({ year, value, text }, at) => ({
      ...{ year, text, width, x: at * (width + GAP) },
      // A year without anything keeps its place.
      height: Math.max(2, (Math.max(0, value) / most) * HEIGHT),
    }));
  });
}
