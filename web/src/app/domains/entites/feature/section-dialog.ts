/** Changes a section of a legal entity, or a site. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { Undo } from '../../../shared/forms/undo';
import { JsonObject, fieldsOf } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { schemaSending } from '../../../shared/schema-form/schema-sending';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { EntitePreview } from '../../documents/public/entite-preview';
import { Section, sent, shown } from '../util/sections';

export interface Versioned {
  name: string;
  version: number;
}

export interface SectionQuestion {
  section: Section;
  /** What the dialog is called. */
  title: string;
  record: Versioned;
  change: (record: Versioned, body: JsonObject) => Promise<Versioned>;
  /** A legal entity is seen in its documents while it is typed. */
  entite?: { id: string; version: number };
}

@Component({
  imports: [DialogActions, EntitePreview, Refusal, SchemaForm, TranslocoPipe],
  template: `
    <form class="dialog" [class.dialog-wide]="asked.entite" novalidate (submit)="save($event)">
      <header>
        <h2 id="section-title">{{ asked.title }}</h2>
      </header>
      <div class="body">
        <p class="muted">{{ 'entites.next' | transloco }}</p>
        <afpi-refusal [said]="sending.refusal()" />
        <div [class.beside]="asked.entite">
          <afpi-schema-form
            [schema]="asked.section.schema"
            [value]="value()"
            (edit)="value.update($event)"
            [errors]="sending.errors()"
          />
          @if (asked.entite; as entite) {
            <afpi-entite-preview [entite]="entite" [typed]="typed()" [first]="first" />
          }
        </div>
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close(false)"></footer>
    </form>
  `,
  styles: `
    .beside {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr));
      gap: 20px;
      align-items: start;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SectionDialog {
  readonly #undo = inject(Undo);
  protected readonly asked = inject<SectionQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  readonly #fields = fieldsOf(this.asked.section.schema);
  readonly #keys = this.#fields.map(({ key }) => key);
  /** The record as last read. */
  readonly #before = signal(this.asked.record);
  protected readonly value = signal<JsonObject>(shown(this.asked.record, this.#keys));
  protected readonly typed = computed(() => sent(this.value(), this.#keys));
  /** The document that shows most of the section. */
  protected readonly first =
    { bank: 'facture', signatory: 'convention', terms: 'facture' }[this.asked.section.id as string] ?? 'devis';
  protected readonly sending = schemaSending<Versioned>({
    fields: () => this.#fields,
    value: this.value,
    began: () => shown(this.#before(), this.#keys),
    overtaken: (now) => this.#overtaken(now),
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await this.sending.run(async () => {
      const before = this.#before();
      const saved = await this.asked.change(before, sent(this.value(), this.#keys));
      this.#undo.saved(() => this.asked.change(saved, sent(shown(before, this.#keys), this.#keys)));
      this.ref.close(true);
    });
  }

  #overtaken(now: Versioned): Rebased<JsonObject> {
    const after = rebased(this.value(), shown(this.#before(), this.#keys), shown(now, this.#keys));
    this.#before.set(now);
    this.value.set(after.value);
    return after;
  }
}
