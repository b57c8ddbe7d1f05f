/** Actions, each with whether it is allowed and why. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { ActionAccess } from '../../../api/models/action-access';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';

@Component({
  selector: 'afpi-action-list',
  imports: [Icon, TranslocoPipe, TxtPipe],
  template: `
    <ul>
      @for (one of actions(); track one.action) {
        <li>
          <afpi-icon [name]="one.allowed ? 'check' : 'x'" [size]="16" [class]="one.allowed ? 'good' : 'muted'" />
          <span class="stack-s tight"
            ><span
              ><span class="strong">{{ 'roles.actions.' + one.action.replace(':', '_') | transloco }}</span
              >&ngsp;<span class="sr-only">: {{ (one.allowed ? 'roles.yes' : 'roles.no') | transloco }}</span></span
            >
            @if (reasons()) {
              <span class="muted small">{{ one.reason.message | txt }}</span>
            }
          </span>
        </li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: grid;
      gap: 8px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: 16px 1fr;
      gap: 8px;
    }
    li afpi-icon {
      margin-top: 2px;
    }
    .good {
      color: var(--good);
    }
    .tight {
      gap: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ActionList {
  readonly actions = input.required<ActionAccess[]>();
  /** Off where the same reason holds for all of them, and stands above. */
  readonly reasons = input(true);
}
