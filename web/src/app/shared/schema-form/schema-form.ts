/**
 * A form drawn from a JSON Schema. Its owner holds the immutable document. Every edit is a function from the present
 * document to the next one.
 */
import { ChangeDetectionStrategy, Component, computed, forwardRef, input, output } from '@angular/core';
import { checklistOf } from './checklist';
import { ChecklistField } from './checklist-field';
import { withSums } from './computed';
import { FORM_DOCUMENT, FormDocument } from './context';
import { DocumentEdit, Edit, inMember } from './edits';
import { withPicked } from './picked';
import { JsonObject, JsonSchema, fieldsOf, isFilled, isWide, withoutComputed } from './schema';
import { SchemaField } from './schema-field';
import { Suggestion } from './sources';

@Component({
  selector: 'afpi-schema-form',
  imports: [ChecklistField, SchemaField],
  template: `
    <div class="form-grid">
      @for (field of fields(); track field.key) {
        @if (checklist(); as list) {
          @if (list.ticked === field.key) {
            <afpi-checklist-field
              class="wide"
              [spec]="list"
              [field]="field"
              [value]="value()"
              [base]="base()"
              [errors]="errors()"
              [locked]="locked()"
              (edit)="edit.emit($event)"
            />
          }
        }
        @if (checklist()?.ticked !== field.key) {
          <afpi-schema-field
            [class.wide]="wide(field)"
            [spec]="field"
            [value]="value()[field.key]"
            [pointer]="base() + '/' + field.key"
            [errors]="errors()"
            [locked]="locked()"
            (edit)="change(field.key, $event)"
            (picked)="fill($event)"
          />
        }
      }
    </div>
  `,
  providers: [{ provide: FORM_DOCUMENT, useExisting: forwardRef(() => SchemaForm) }],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SchemaForm implements FormDocument {
  readonly schema = input.required<JsonSchema>();
  readonly value = input.required<JsonObject>();
  /** An edit for the present document. */
  readonly edit = output<DocumentEdit>();
  /** Messages by JSON Pointer into the document. */
  readonly errors = input<ReadonlyMap<string, string>>(new Map());
  /** Shown, not editable. */
  readonly locked = input(false);
  /** Pointer of the document itself; keeps ids unique when several forms are on a page. */
  readonly base = input('');
  readonly #all = computed(() => fieldsOf(this.schema()));
  /** Fields that the plugin fills in are shown once they have a value. */
  protected readonly fields = computed(() => {
    const list = this.checklist();
    return this.#all().filter(
      ({ key, readonly }) => key !== list?.filed && key !== list?.rows && (!readonly || isFilled(this.value()[key])),
    );
  });
  /** A checklist is drawn as one field, with what it knows of each piece. */
  protected readonly checklist = computed(() => checklistOf(this.schema()));

  protected readonly wide = isWide;
  /** A chosen record fills in the blanks beside its field. */
  protected fill(one: Suggestion): void {
    const fields = this.#all();
    this.edit.emit((now) => withSums(fields, withPicked(fields, withoutComputed(fields, now), one, true)));
  }
  protected change(key: string, edit: Edit): void {
    const fields = this.#all();
    this.edit.emit((now) => withSums(fields, inMember(key, edit)(withoutComputed(fields, now))));
  }
}
