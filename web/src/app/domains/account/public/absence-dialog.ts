/** The absence of a person one looks after, e.g. of one who is ill: set, seen and ended. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { AbsenceForm, AbsentUser } from './absence-form';

@Component({
  imports: [AbsenceForm, TranslocoPipe],
  template: `
    <div class="dialog">
      <header>
        <h2 id="absence-title">{{ 'absence.other.title' | transloco: { name: person.name } }}</h2>
      </header>
      <div class="body">
        <afpi-absence-form #their [of]="person" (changed)="ref.close()" />
      </div>
      <footer>
        @if (their.absence()) {
          <button type="button" class="btn end" [disabled]="their.sending.busy()" (click)="their.end()">
            {{ 'absence.other.end' | transloco }}
          </button>
        }
        <button type="button" class="btn" (click)="ref.close()">{{ 'common.cancel' | transloco }}</button>
        <button type="submit" class="btn btn-primary" form="absence-form" [disabled]="their.sending.busy()">
          {{ 'common.save' | transloco }}
        </button>
      </footer>
    </div>
  `,
  styles: `
    .end {
      margin-right: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AbsenceDialog {
  protected readonly person = inject<AbsentUser>(DIALOG_DATA);
  protected readonly ref = inject(DialogRef);
}
