/** The evidence of an opportunité and of a session as panels. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { SessionRecord } from '../../../../api/models/session-record';
import { PanelContent } from '../../../../shared/panels/panels';
import { RecordSubject } from '../../../opportunites/public/record-subject';
import { Evidence } from '../preuves';

@Component({
  imports: [Evidence],
  template: `<afpi-preuves kind="opportunites" [record]="subject().record.id" [version]="subject().record.version" />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfOpportunite implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
}

@Component({
  imports: [Evidence],
  template: `
    <afpi-preuves
      kind="sessions"
      [record]="subject().id"
      [version]="subject().version"
      [opportunites]="opportunites()"
    />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfSession implements PanelContent<SessionRecord> {
  readonly subject = input.required<SessionRecord>();
  protected readonly opportunites = computed(() => this.subject().opportunites.map(({ id }) => id));
}
