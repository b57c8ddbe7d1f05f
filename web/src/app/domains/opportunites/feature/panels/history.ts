/** The history of the opportunité. */
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { PanelContent } from '../../../../shared/panels/panels';
import { Failed, Loading } from '../../../../shared/ui/states';
import { RecordStore } from '../../data/record-store';
import { RecordSubject } from '../../public/record-subject';
import { Timeline } from '../../ui/timeline';

@Component({
  imports: [Failed, Loading, Timeline],
  template: `
    <div class="card-body">
      @if (history.error(); as error) {
        <afpi-failed [error]="error" (retry)="history.reload()" />
      } @else if (history.hasValue()) {
        <afpi-timeline [entries]="history.value()" [workflow]="subject().workflow" />
      } @else {
        <afpi-loading [rows]="4" />
      }
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class History implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
  protected readonly history = inject(RecordStore).history;
}
