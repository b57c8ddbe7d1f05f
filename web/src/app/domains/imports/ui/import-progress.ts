/** The progress of an import: a bar, and a number for screen readers, announced at most at every tenth. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Import } from '../../../api/models/import';
import { CountPipe } from '../../../shared/i18n/pipes';
import { percent } from '../util/steps';

@Component({
  selector: 'afpi-import-progress',
  imports: [CountPipe, TranslocoPipe],
  template: `
    @let now = import();
    <div class="row spread small">
      <span>{{ 'imports.states.' + now.state | transloco }}</span>
      @if (now.progress.total) {
        <span class="num">{{ now.progress.done | count }} / {{ now.progress.total | count }}</span>
      }
    </div>
    <progress [attr.value]="percent()" max="100" [attr.aria-label]="'imports.progress' | transloco"></progress>
    <span class="sr-only" role="status">{{ said() === null ? '' : said() + ' %' }}</span>
  `,
  styles: `
    :host {
      display: block;
    }
    progress {
      width: 100%;
      accent-color: var(--primary);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ImportProgress {
  readonly import = input.required<Import>();
  protected readonly percent = computed(() => percent(this.import().progress));
  protected readonly said = computed(() => {
    const value = this.percent();
    return value === null ? null : Math.floor(value / 10) * 10;
  });
}
