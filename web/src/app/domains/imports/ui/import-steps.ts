/** The four steps of an import, with the present one. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';
import { STEPS, Step } from '../util/steps';

@Component({
  selector: 'afpi-import-steps',
  imports: [Icon, TranslocoPipe],
  template: `
    <ol [attr.aria-label]="'imports.steps' | transloco">
      @for (name of steps; track name) {
        <li [class.past]="$index < at()" [attr.aria-current]="$index === at() ? 'step' : null">
          <span class="no" aria-hidden="true">
            @if ($index < at()) {
              <afpi-icon name="check" [size]="14" />
            } @else {
              {{ $index + 1 }}
            }
          </span>
          <span class="name">{{ 'imports.step.' + name | transloco }}</span>
        </li>
      }
    </ol>
  `,
  styles: `
    ol {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 22px;
    }
    li {
      display: flex;
      gap: 8px;
      align-items: center;
      color: var(--muted);
    }
    .no {
      display: grid;
      place-items: center;
      width: 24px;
      height: 24px;
      border: 1px solid var(--border-strong);
      border-radius: 50%;
      font-size: 13px;
      font-variant-numeric: tabular-nums;
    }
    .past .no {
      border-color: var(--primary);
      color: var(--primary);
    }
    [aria-current] {
      color: var(--text);
      font-weight: 600;
    }
    [aria-current] .no {
      border-color: var(--primary);
      background: var(--primary);
      color: var(--on-primary);
    }
    @media (max-width: 640px) {
      ol {
        gap: 8px 14px;
      }
      li:not([aria-current]) .name {
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
export class ImportSteps {
  readonly step = input.required<Step>();
  protected readonly steps = STEPS;
  protected readonly at = computed(() => STEPS.indexOf(this.step()));
}
