/** The form of the displayed step. */
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { PanelContent } from '../../../../shared/panels/panels';
import { RecordSubject } from '../../public/record-subject';
import { RecordDesk } from '../record/record-desk';
import { SectionPanel } from '../record/section-panel';

@Component({
  imports: [SectionPanel],
  template: `
    <section class="card" id="section-panel" role="tabpanel" [attr.aria-labelledby]="'tab-' + desk.step()">
      <afpi-section-panel
        [record]="subject().record"
        [workflow]="subject().workflow"
        [section]="desk.step()"
        [blockers]="desk.pointed()"
        (proceed)="desk.proceed($event)"
      />
    </section>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Step implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
  protected readonly desk = inject(RecordDesk);
}
