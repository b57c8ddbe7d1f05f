/** The footer of a dialog with a form: cancel, or save. */
import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

@Component({
  // eslint-disable-next-line @angular-eslint/component-selector -- the foot of a dialog stays a `footer`
  selector: 'footer[afpiDialogActions]',
  imports: [TranslocoPipe],
  template: `
    <button type="button" class="btn" (click)="cancelled.emit()">{{ 'common.cancel' | transloco }}</button><button
      type="submit"
      class="btn btn-primary"
      [disabled]="busy()"
    >
      {{ save() | transloco }}
    </button>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DialogActions {
  readonly busy = input.required<boolean>();
  /** Text key of the save button. */
  readonly save = input('common.save');
  readonly cancelled = output();
}
