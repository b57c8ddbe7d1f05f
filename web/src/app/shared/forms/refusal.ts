/** The message above a refused form: the server's text, or that somebody else was faster. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Icon } from '../ui/icon';
import { Refused } from './sending';

@Component({
  selector: 'afpi-refusal',
  imports: [Icon],
  template: `
    @if (said(); as refusal) {
      <div class="notice" role="alert" [class]="'notice-' + refusal.tone">
        <afpi-icon [name]="refusal.tone === 'warn' ? 'warning' : 'circle-alert'" [class]="refusal.tone" />
        <div>
          @for (line of refusal.lines; track $index) {
            <p>{{ line }}</p>
          }
          <ng-content />
        </div>
      </div>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Refusal {
  readonly said = input.required<Refused | null>();
}
