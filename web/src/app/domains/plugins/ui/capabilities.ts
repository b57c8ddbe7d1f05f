/** The capabilities of a plugin, in the plain sentences of its manifest. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { PluginCapability } from '../../../api/models/plugin-capability';
import { Icon } from '../../../shared/ui/icon';
import { Wish } from './wish';

@Component({
  selector: 'afpi-capabilities',
  imports: [Icon, TranslocoPipe, Wish],
  template: `
    @if (capabilities().length) {
      <ul>
        @for (item of capabilities(); track item.id) {
          <li><afpi-icon name="check" [size]="15" class="good" /><afpi-wish [capability]="item" /></li>
        }
      </ul>
    } @else {
      <p class="muted small">{{ 'plugins.noCapability' | transloco }}</p>
    }
  `,
  styles: `
    ul {
      display: flex;
      flex-direction: column;
      gap: 5px;
    }
    li {
      display: flex;
      gap: 8px;
      align-items: flex-start;
      font-size: 13.5px;
    }
    afpi-icon {
      margin-top: 3px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Capabilities {
  readonly capabilities = input.required<PluginCapability[]>();
}
