/** A form drawn from a JSON Schema. The value is an immutable document; every edit answers a new one. */
import { ChangeDetectionStrategy, Component, computed, input, model } from '@angular/core';
import { SchemaField } from './schema-field';
import { Json, JsonObject, JsonSchema, fieldsOf, isFilled, withoutComputed } from './schema';

@Component({
  selector: 'afpi-schema-form',
  imports: [SchemaField],
  template: `
    <div class="form-grid">
      @for (field of fields(); track field.key) {
        <afpi-schema-field
          [class.wide]="wide(field.widget)"
          [spec]="field" [value]="value()[field.key]" [pointer]="base() + '/' + field.key" [errors]="errors()" [locked]="locked()"
          (valueChange)="change(field.key, $event)"
        />
      }
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SchemaForm {
  readonly schema = input.required<JsonSchema>();
  readonly value = model.required<JsonObject>();
  /** Messages by JSON Pointer into the document. */
  readonly errors = input<ReadonlyMap<string, string>>(new Map());
  /** Shown, not editable. */
  readonly locked = input(false);
  /** Pointer of the document itself; keeps ids unique when several forms are on a page. */
  readonly base = input('');
  /** What the plugin fills in shows once it has something to show. */
  protected readonly fields = computed(() => fieldsOf(this.schema()).filter(({ key, readonly }) => !readonly || isFilled(this.value()[key])));

  protected wide(widget: string): boolean {
    return ['textarea', 'rows', 'halfdays', 'group', 'flags', 'checklist', 'tags'].includes(widget);
  }
  protected change(key: string, value: Json): void {
    this.value.set({ ...withoutComputed(fieldsOf(this.schema()), this.value()), [key]: value });
  }
}
