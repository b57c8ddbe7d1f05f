/** How the application looks in this browser: its theme, and the rows of its lists. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { DensityChoice } from '../../../shared/columns/density-choice';
import { Theme } from '../../../shared/ui/theme';

@Component({
  selector: 'afpi-display',
  imports: [DensityChoice, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="display-title">
      <header class="card-head">
        <h2 id="display-title">{{ 'display.title' | transloco }}</h2>
      </header>
      <div class="card-body stack">
        <p class="muted">{{ 'display.text' | transloco }}</p>
        <div class="row spread">
          <span aria-hidden="true">{{ 'shell.theme' | transloco }}</span>
          <div class="segmented" role="group" [attr.aria-label]="'shell.theme' | transloco">
            @for (name of themes; track name) {
              <button type="button" [attr.aria-pressed]="theme.name() === name" (click)="theme.use(name)">
                {{ 'shell.themes.' + name | transloco }}
              </button>
            }
          </div>
        </div>
        <afpi-density-choice />
      </div>
    </section>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Display {
  protected readonly theme = inject(Theme);
  protected readonly themes = ['system', 'light', 'dark'] as const;
}
