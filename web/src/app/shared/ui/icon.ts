/** Lucide icons by name. Created with DOM calls, not HTML text, because of Trusted Types and the CSP. */
import { ChangeDetectionStrategy, Component, ElementRef, effect, inject, input } from '@angular/core';
import { ICONS, IconName } from './icons';

const SVG = 'http://www.w3.org/2000/svg';

@Component({
  selector: 'afpi-icon',
  template: '',
  host: { 'aria-hidden': 'true' },
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
    :host ::ng-deep svg {
      display: block;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Icon {
  readonly name = input.required<IconName>();
  /** Pixels. */
  readonly size = input(18);

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    effect(() => {
      const svg = document.createElementNS(SVG, 'svg');
      const size = String(this.size());
      const attributes = {
        width: size,
        height: size,
        viewBox: '0 0 24 24',
        fill: 'none',
        stroke: 'currentColor',
        'stroke-width': '2',
        'stroke-linecap': 'round',
        'stroke-linejoin': 'round',
      };
      for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
      for (const [tag, shape] of ICONS[this.name()]) {
        const child = document.createElementNS(SVG, tag);
        for (const [key, value] of Object.entries(shape)) child.setAttribute(key, String(value));
        svg.append(child);
      }
      host.replaceChildren(svg);
    });
  }
}
