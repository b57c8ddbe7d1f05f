/** The follow-up of each kind of record. They are loaded as one file. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Entreprise } from '../../../../api/models/entreprise';
import { SessionRecord } from '../../../../api/models/session-record';
import { PanelContent } from '../../../../shared/panels/panels';
import { RecordSubject } from '../../../opportunites/public/record-subject';
import { Follow } from '../follow';

@Component({
  imports: [Follow],
  template: `<afpi-follow kind="opportunites" [record]="subject().record.id" permission="opportunites:attach" />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfOpportunite implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
}

@Component({
  imports: [Follow],
  template: `<afpi-follow kind="entreprises" [record]="subject().id" permission="entreprises:write" />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfEntreprise implements PanelContent<Entreprise> {
  readonly subject = input.required<Entreprise>();
}

@Component({
  imports: [Follow],
  template: `<afpi-follow kind="sessions" [record]="subject().id" permission="sessions:write" />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfSession implements PanelContent<SessionRecord> {
  readonly subject = input.required<SessionRecord>();
}
