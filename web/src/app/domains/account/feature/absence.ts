/** When one is absent, and who stands in meanwhile. */
import { ChangeDetectionStrategy, Component } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { AbsenceForm } from '../public/absence-form';

@Component({
  selector: 'afpi-absence',
  imports: [AbsenceForm, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="absence-title">
      <header class="card-head">
        <h2 id="absence-title">{{ 'absence.title' | transloco }}</h2>
        @if (own.absence()) {
          <button type="button" class="btn btn-s" [disabled]="own.sending.busy()" (click)="own.end()">
            {{ 'absence.end' | transloco }}
          </button>
        }
      </header>
      <div class="card-body">
        <afpi-absence-form #own
          ><button type="submit" class="btn" [disabled]="own.sending.busy() || own.form.pristine">
            {{ 'common.save' | transloco }}
          </button></afpi-absence-form
        >
      </div>
    </section>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Absence {}
