/** An ECharts chart in SVG, with a summary for screen readers. The page shows the same figures as a table beside it. */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterRenderEffect,
  inject,
  input,
} from '@angular/core';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { EChartsCoreOption, ECharts, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { Theme } from './theme';

use([BarChart, GridComponent, LegendComponent, LineChart, SVGRenderer, TooltipComponent]);

@Component({
  selector: 'afpi-chart',
  template: '',
  host: { role: 'img', '[attr.aria-label]': 'summary()' },
  styles: `
    :host {
      display: block;
      width: 100%;
      height: 300px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Chart {
  readonly options = input.required<EChartsCoreOption>();
  /** The text for screen readers. */
  readonly summary = input.required<string>();

  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #theme = inject(Theme);
  #chart: ECharts | undefined;

  constructor() {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const observer = new ResizeObserver(() => this.#chart?.resize());
    afterRenderEffect(() => {
      this.#theme.dark();
      const options = this.options();
      this.#chart ??= init(this.#host, undefined, { renderer: 'svg' });
      // Colours are read from the tokens, so that the chart follows the theme.
      const style = getComputedStyle(this.#host);
      const ink = resolved(style, '--muted');
      const line = resolved(style, '--border');
      this.#chart.setOption(
        {
          animation: !still,
          color: ['--primary', '--teal', '--warn', '--violet', '--rose'].map((name) => resolved(style, name)),
          textStyle: { fontFamily: style.fontFamily, color: ink },
          ...withAxes(options, ink, line),
          // Rich text needs no inner HTML, which Trusted Types would refuse.
          tooltip: { trigger: 'axis', renderMode: 'richText', ...(options['tooltip'] as object | undefined) },
        },
        true,
      );
    });
    observer.observe(this.#host);
    inject(DestroyRef).onDestroy(() => {
      observer.disconnect();
      if (this.#chart) dispose(this.#chart, this.#host);
    });
  }
}

/**
 * The library empties its elements by assigning to `innerHTML`. Trusted Types refuse this even for an empty text, so
 * these elements empty themselves instead.
 */
function dispose(chart: ECharts, host: HTMLElement): void {
  for (const element of [host, ...host.querySelectorAll('svg')]) {
    Object.defineProperty(element, 'innerHTML', {
      set: () => {
        element.replaceChildren();
      },
    });
  }
  chart.dispose();
}

function withAxes(options: EChartsCoreOption, ink: string, line: string): EChartsCoreOption {
  const axis = {
    axisLabel: { color: ink },
    axisLine: { lineStyle: { color: line } },
    splitLine: { lineStyle: { color: line } },
  };
  const merged = (own: unknown): object => {
    const given = (own ?? {}) as { axisLabel?: object };
    return { ...axis, ...given, axisLabel: { ...axis.axisLabel, ...given.axisLabel } };
  };
  return { ...options, xAxis: merged(options['xAxis']), yAxis: merged(options['yAxis']) };
}

/** A token as a plain colour: the browser evaluates `light-dark()` on a temporary element. */
function resolved(style: CSSStyleDeclaration, token: string): string {
  const probe = document.createElement('i');
  probe.style.color = style.getPropertyValue(token);
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}
