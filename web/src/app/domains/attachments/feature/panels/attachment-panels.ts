/** The panels with the files of each kind of record. They are loaded as one file. */
import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { Entreprise } from '../../../../api/models/entreprise';
import { Contact } from '../../../../api/models/contact';
import { Formateur } from '../../../../api/models/formateur';
import { SessionRecord } from '../../../../api/models/session-record';
import { PanelContent, PanelFrame } from '../../../../shared/panels/panels';
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

@Component({
  imports: [Attachments],
  template: `
    <afpi-attachments kind="sessions" [record]="subject().id" [label]="subject().numero" permission="sessions:write" />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfSession implements PanelContent<SessionRecord> {
  readonly subject = input.required<SessionRecord>();
}

/** The files of one contact. They have a frame of their own: the panel shows several contacts. */
@Component({
  selector: 'afpi-contact-files',
  imports: [Attachments],
  template: `
    <afpi-attachments
      kind="contacts"
      [record]="contact().id"
      [label]="contact().lastName"
      permission="entreprises:write"
    />
  `,
  providers: [PanelFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ContactFiles {
  readonly contact = input.required<Contact>();
}

@Component({
  imports: [ContactFiles],
  template: `
    @for (contact of subject().contacts; track contact.id) {
      <details (toggle)="open(contact.id)">
        <summary>{{ contact.firstName }} {{ contact.lastName }}</summary>
        @if (opened().has(contact.id)) {
          <afpi-contact-files [contact]="contact" />
        }
      </details>
    }
  `,
  styles: `
    details + details {
      border-top: 1px solid var(--border);
    }
    summary {
      padding: 12px 18px;
      cursor: pointer;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfContacts implements PanelContent<Entreprise> {
  readonly subject = input.required<Entreprise>();
  /** Files are read when somebody looks at them. */
  protected readonly opened = signal<ReadonlySet<string>>(new Set());

  protected open(id: string): void {
    this.opened.update((all) => new Set([...all, id]));
  }
}
