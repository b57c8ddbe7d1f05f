/** The localisation of a new record: asked only when the user has more than one. */
import { ChangeDetectionStrategy, Component, inject, input, model } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Site } from '../auth/site';

@Component({
  selector: 'afpi-site-choice',
  imports: [TranslocoPipe],
  template: `
    @if (site.mine().length > 1) {
      <div class="field">
        <label for="site-choice">{{ label() | transloco }}</label><select
          id="site-choice"
          class="input"
          (change)="chosen.set($any($event.target).value)"
        >
          @if (ask(); as ask) {
            <option value="" [selected]="!chosen()">{{ ask | transloco }}</option>
          }
          @for (option of site.mine(); track option.id) {
            <option [value]="option.id" [selected]="option.id === chosen()">{{ option.name }}</option>
          }
        </select>
      </div>
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SiteChoice {
  protected readonly site = inject(Site);
  /** Text key. */
  readonly label = input.required<string>();
  /** Text key of the first option, which is none, where a person must choose. */
  readonly ask = input<string>();
  /** The id of the localisation. */
  readonly chosen = model.required<string>();
}
