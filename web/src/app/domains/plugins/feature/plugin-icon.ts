/** A plugin's icon, or that of its kind. Silent for screen readers: the name is beside it. */
import { ChangeDetectionStrategy, Component, inject, input, resource } from '@angular/core';
import { Plugin } from '../../../api/models/plugin';
import { Icon } from '../../../shared/ui/icon';
import { IconSource, Icons } from '../data/icons';
import { KIND_ICONS } from '../util/kinds';

@Component({
  selector: 'afpi-plugin-icon',
  imports: [Icon],
  template: `
    @if (picture.hasValue() && picture.value(); as address) {
      <img [src]="address" alt="" width="40" height="40" />
    } @else {
      <span class="disc tone-primary"><afpi-icon [name]="icons[kind()]" [size]="20" /></span>
    }
  `,
  styles: `
    :host {
      flex: none;
    }
    .disc,
    img {
      display: grid;
      width: 40px;
      height: 40px;
      border-radius: var(--radius-l);
    }
    .disc {
      place-items: center;
    }
    img {
      object-fit: contain;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PluginIcon {
  readonly #icons = inject(Icons);
  readonly source = input.required<IconSource>();
  readonly kind = input.required<Plugin['kind']>();
  protected readonly icons = KIND_ICONS;
  protected readonly picture = resource({
    params: () => this.source(),
    loader: ({ params }) => this.#icons.of(params),
  });
}
