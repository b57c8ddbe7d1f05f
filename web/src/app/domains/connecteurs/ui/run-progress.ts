/** The progress of a run: a bar, and a sentence for screen readers, announced at most at every tenth. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Run } from '../../../api/models/run';
import { CountPipe } from '../../../shared/i18n/pipes';
import { percent } from '../util/runs';

@Component({
  selector: 'afpi-run-progress',
  imports: [CountPipe, TranslocoPipe],
  template: `
    <div class="row spread small">
      <span
        >{{ 'connecteurs.state.' + run().state | transloco }}
        @if (run().progress.entity; as entity) {
          · {{ 'connecteurs.entity.' + entity | transloco }}
        }
      </span>
      <span class="num"
        >{{ run().progress.done | count }}
        @if (run().progress.total) {
          / {{ run().progress.total | count }}
        }
      </span>
    </div>
    <progress [attr.value]="percent()" max="100" [attr.aria-label]="'connecteurs.progress' | transloco"></progress>
    <span class="sr-only" role="status">{{ said() === null ? '' : said() + ' %' }}</span>
  `,
  styles: `
    :host {
      display: block;
    }
    progress {
      width: 100%;
      height: 8px;
      margin-top: 6px;
      border: 0;
      border-radius: 4px;
      background: var(--surface-3);
      overflow: hidden;
    }
    progress::-webkit-progress-bar {
      background: var(--surface-3);
    }
    progress::-webkit-progress-value {
      border-radius: 4px;
      background: var(--primary);
      transition: width 0.3s;
    }
    progress::-moz-progress-bar {
      background: var(--primary);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunProgress {
  readonly run = input.required<Run>();
  protected readonly percent = computed(() => percent(this.run()));
  protected readonly said = computed(() => {
    const value = this.percent();
    return value === null ? null : Math.floor(value / 10) * 10;
  });
}
