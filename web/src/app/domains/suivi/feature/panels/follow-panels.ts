/** The follow-up of each kind of record. They are loaded as one file. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Entreprise } from '../../../../api/models/entreprise';
import { SessionRecord } from '../../../../api/models/session-record';
import { Format } from '../../../../shared/i18n/pipes';
import { PanelContent } from '../../../../shared/panels/panels';
import { historyWords } from '../../../opportunites/public/history-words';
import { RecordSubject } from '../../../opportunites/public/record-subject';
import { Follow } from '../follow';

@Component({
  imports: [Follow],
  template: `<afpi-follow
    kind="opportunites"
    [record]="subject().record.id"
    [state]="subject().record.version + '.' + subject().refused"
    [words]="words()"
    permission="opportunites:attach"
  />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfOpportunite implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
  readonly #format = inject(Format);
  protected readonly words = computed(() => historyWords(this.subject().workflow, this.#format));
}

@Component({
  imports: [Follow],
  template: `<afpi-follow
    kind="entreprises"
    [record]="subject().id"
    [state]="subject().version"
    permission="entreprises:write"
  />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfEntreprise implements PanelContent<Entreprise> {
  readonly subject = input.required<Entreprise>();
}

@Component({
  imports: [Follow],
  template: `<afpi-follow
    kind="sessions"
    [record]="subject().id"
    [state]="subject().version"
    permission="sessions:write"
  />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfSession implements PanelContent<SessionRecord> {
  readonly subject = input.required<SessionRecord>();
}
