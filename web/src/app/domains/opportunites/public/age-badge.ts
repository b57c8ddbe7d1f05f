/** How long a record has been in its section. Red when it is overdue by the workflow. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { AgePipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';

@Component({
  selector: 'afpi-age',
  imports: [AgePipe, Icon, TranslocoPipe],
  template: `
    <span class="chip" [class.tone-bad]="late()">
      <afpi-icon [name]="late() ? 'circle-alert' : 'clock'" [size]="13" />{{ since() | age }}
      @if (late()) {
        <span class="words">{{ 'opportunites.late' | transloco }}</span>
      }
    </span>
  `,
  styles: `
    :host .chip {
      white-space: nowrap;
    }
    /* In a narrow lane of the board the sign says it. */
    @container lane (width < 220px) {
      .words {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AgeBadge {
  readonly since = input.required<string>();
  readonly late = input(false);
}
