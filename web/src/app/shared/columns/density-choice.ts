/** How much room the rows of lists get: comfortable or compact. Its texts are those of the columns. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Rows } from './density';

@Component({
  selector: 'afpi-density-choice',
  imports: [TranslocoPipe],
  template: `
    <span aria-hidden="true">{{ 'columns.rows' | transloco }}</span>
    <div class="segmented" role="group" [attr.aria-label]="'columns.rows' | transloco">
      @for (density of densities; track density) {
        <button type="button" [attr.aria-pressed]="rows.density() === density" (click)="rows.choose(density)">
          {{ 'columns.density.' + density | transloco }}
        </button>
      }
    </div>
  `,
  host: { class: 'row spread' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DensityChoice {
  protected readonly rows = inject(Rows);
  protected readonly densities = ['comfortable', 'compact'] as const;
}
