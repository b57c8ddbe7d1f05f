/** The panels with the files of each kind of record. They are loaded as one file. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Entreprise } from '../../../../api/models/entreprise';
import { Formateur } from '../../../../api/models/formateur';
import { PanelContent } from '../../../../shared/panels/panels';
import { RecordSubject } from '../../../opportunites/public/record-subject';
import { Attachments } from '../attachments';
import { Section } from '../../util/section';

@Component({
  imports: [Attachments],
  template: `
    <afpi-attachments
      kind="opportunites"
      [record]="subject().record.id"
      [label]="subject().record.numero"
      permission="opportunites:attach"
      [sections]="sections()"
      [section]="subject().record.section"
    />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfOpportunite implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
  protected readonly sections = computed<Section[]>(() =>
    this.subject().workflow.definition.sections.map(({ id, label }) => ({ id, label })),
  );
}

@Component({
  imports: [Attachments],
  template: `
    <afpi-attachments
      kind="entreprises"
      [record]="subject().id"
      [label]="subject().name"
      permission="entreprises:write"
    />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfEntreprise implements PanelContent<Entreprise> {
  readonly subject = input.required<Entreprise>();
}

@Component({
  imports: [Attachments],
  template: `
    <afpi-attachments
      kind="formateurs"
      [record]="subject().id"
      [label]="subject().name"
      permission="formateurs:write"
    />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfFormateur implements PanelContent<Formateur> {
  readonly subject = input.required<Formateur>();
}
