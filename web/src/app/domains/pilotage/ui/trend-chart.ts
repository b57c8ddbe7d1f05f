/**
 * A trend as a drawing: bars, or a line for rates. The pointer shows the value of a month; so do the arrow keys, on a
 * slider that is only heard. Colours are those of the page, so a change of theme needs no new drawing.
 */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { Frame, Point, monthAt, plot } from '../util/plot';

const HEIGHT = 300;

@Component({
  selector: 'afpi-trend-chart',
  template: `
    <figure #figure (pointerdown)="point($event)" (pointermove)="point($event)" (pointerleave)="marked.set(null)">
      @let view = drawing();
      <svg [attr.viewBox]="'0 0 ' + width() + ' ' + height" aria-hidden="true">
        @if (mark(); as at) {
          <rect
            class="band"
            y="6"
            rx="6"
            [attr.x]="at.x - view.step / 2"
            [attr.width]="view.step"
            [attr.height]="view.bottom - 6"
          />
        }
        @for (tick of view.ticks; track $index) {
          <line class="rule" [attr.x1]="view.left" [attr.x2]="view.right" [attr.y1]="tick.y" [attr.y2]="tick.y" />
          <text class="value" [attr.x]="tick.x" [attr.y]="tick.y + 4" text-anchor="end">{{ tick.text }}</text>
        }
        <line class="zero" [attr.x1]="view.left" [attr.x2]="view.right" [attr.y1]="view.zero" [attr.y2]="view.zero" />
        @for (label of view.months; track label.x) {
          <text class="month" [attr.x]="label.x" [attr.y]="label.y">{{ label.text }}</text>
        }
        @for (label of view.years; track label.x) {
          <text class="year" [attr.x]="label.x" [attr.y]="label.y">{{ label.text }}</text>
        }
        @if (shape() === 'bars') {
          @for (one of view.marks; track $index) {
            <path class="bar" [class.earlier]="!points()[$index]?.current" [attr.d]="one.bar" />
          }
        } @else {
          <path class="area" [attr.d]="view.area" />
          <path class="line" [attr.d]="view.line" />
          @for (one of view.marks; track $index) {
            @if (points()[$index]?.value !== null) {
              <circle
                class="dot"
                [class.earlier]="!points()[$index]?.current"
                [attr.cx]="one.x"
                [attr.cy]="one.y"
                [attr.r]="marked() === $index ? 6 : 4"
              />
            }
          }
        }
        @for (label of view.values; track label.x) {
          <text class="written" [attr.x]="label.x" [attr.y]="label.y">{{ label.text }}</text>
        }
        @if (nothing()) {
          <text class="none" [attr.x]="width() / 2" [attr.y]="view.bottom / 2">{{ summary() }}</text>
        }
      </svg>
      @if (mark(); as at) {
        <p class="tip" aria-hidden="true" [style.left.px]="at.tip" [style.top.px]="at.y - 10">
          <span>{{ at.name }}</span>&ngsp;<b class="num">{{ at.text }}</b>
        </p>
      }
      <input
        type="range"
        class="sr-only"
        min="0"
        step="1"
        [max]="points().length - 1"
        [value]="marked() ?? points().length - 1"
        [attr.aria-label]="label()"
        [attr.aria-valuetext]="heard()"
        aria-describedby="trend-summary"
        (focus)="marked.set(marked() ?? points().length - 1)"
        (blur)="marked.set(null)"
        (input)="slide($event)"
      />
      <figcaption id="trend-summary" class="sr-only">{{ summary() }}</figcaption>
    </figure>
  `,
  styleUrl: './trend-chart.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TrendChart {
  readonly points = input.required<Point[]>();
  readonly shape = input.required<Frame['shape']>();
  readonly tick = input.required<Frame['tick']>();
  readonly whole = input(false);
  /** What the values are. */
  readonly label = input.required<string>();
  /** The trend in a sentence. */
  readonly summary = input.required<string>();

  protected readonly height = HEIGHT;
  /** The drawing fits its place, so that texts keep their size. */
  protected readonly width = signal(640);
  /** The month whose value shows. */
  protected readonly marked = linkedSignal<Point[], number | null>({ source: this.points, computation: () => null });
  protected readonly drawing = computed(() =>
    plot(this.points(), {
      width: this.width(),
      height: HEIGHT,
      shape: this.shape(),
      tick: this.tick(),
      whole: this.whole(),
    }),
  );
  protected readonly mark = computed(() => {
    const index = this.marked();
    const [point, place] = index === null ? [] : [this.points()[index], this.drawing().marks[index]];
    if (!point || !place) return null;
    return { ...point, ...place, tip: Math.max(80, Math.min(this.width() - 80, place.x)) };
  });
  protected readonly nothing = computed(() => this.points().every(({ value }) => value === null));
  protected readonly heard = computed(() => {
    const point = this.points()[this.marked() ?? this.points().length - 1];
    return point ? `${point.name}, ${point.text}` : '';
  });

  protected readonly figure = viewChild.required<ElementRef<HTMLElement>>('figure');

  constructor() {
    const fit = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) this.width.set(Math.round(entry.contentRect.width));
    });
    afterNextRender(() => {
      fit.observe(this.figure().nativeElement);
    });
    inject(DestroyRef).onDestroy(() => {
      fit.disconnect();
    });
  }

  protected point({ clientX }: PointerEvent): void {
    const { left } = this.figure().nativeElement.getBoundingClientRect();
    this.marked.set(monthAt(this.drawing(), clientX - left));
  }
  protected slide({ target }: Event): void {
    this.marked.set(Number((target as HTMLInputElement).value));
  }
}
