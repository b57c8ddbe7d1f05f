/** The open findings about an opportunité and about a session. They are loaded as one file. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { SessionRecord } from '../../../../api/models/session-record';
import { PanelContent } from '../../../../shared/panels/panels';
import { RecordSubject } from '../../../opportunites/public/record-subject';
import { Findings } from '../findings';

@Component({
  imports: [Findings],
  template: `<afpi-findings
    kind="opportunite"
    [record]="subject().record.id"
    [label]="subject().record.numero"
    [version]="subject().record.version"
  />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfOpportunite implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
}

@Component({
  imports: [Findings],
  template: `<afpi-findings
    kind="session"
    [record]="subject().id"
    [label]="subject().numero"
    [version]="subject().version"
  />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfSession implements PanelContent<SessionRecord> {
  readonly subject = input.required<SessionRecord>();
}
