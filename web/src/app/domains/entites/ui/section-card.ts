/** A section of a record: its fields with their values, and what is missing. */
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Format, TxtPipe } from '../../../shared/i18n/pipes';
import { FieldSpec, JsonObject, fieldsOf } from '../../../shared/schema-form/schema';
import { Icon } from '../../../shared/ui/icon';
import { Section, shown } from '../util/sections';

@Component({
  selector: 'afpi-section-card',
  imports: [Icon, TranslocoPipe, TxtPipe],
  template: `
    @let name = heading() ?? (section().label | txt);
    <section class="card" [attr.aria-label]="name">
      <header class="card-head">
        <h2>{{ name }}</h2>
        @if (editable()) {
          <button
            type="button"
            class="btn btn-s"
            [attr.aria-label]="'entites.editOne' | transloco: { name }"
            (click)="edit.emit()"
          >
            <afpi-icon name="pencil" [size]="16" />{{ 'entites.edit' | transloco }}
          </button>
        }
      </header>
      <div class="card-body stack">
        <ng-content />
        @if (rows().length) {
          <dl class="facts">
            @for (row of rows(); track row.key) {
              <dt>{{ row.label | txt }}</dt>
              <dd>
                @if (row.key === 'colour') {
                  <span class="row-nowrap"
                    ><svg width="18" height="18" aria-hidden="true">
                      <rect width="18" height="18" rx="4" [attr.fill]="row.text" /></svg
                    >{{ row.text }}</span
                  >
                } @else {
                  {{ row.text }}
                }
              </dd>
            }
          </dl>
        }
        @if (open().length) {
          <p class="muted small">{{ 'entites.open' | transloco: { fields: open().join(', ') } }}</p>
        }
      </div>
    </section>
  `,
  styles: `
    dd {
      white-space: pre-line;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SectionCard {
  readonly #format = inject(Format);
  readonly section = input.required<Section>();
  readonly record = input.required<object>();
  readonly editable = input(false);
  /** Instead of the section's label. */
  readonly heading = input<string | null>(null);
  readonly edit = output();
  readonly #fields = computed(() => fieldsOf(this.section().schema));
  readonly #value = computed<JsonObject>(() =>
    shown(
      this.record(),
      this.#fields().map(({ key }) => key),
    ),
  );
  protected readonly rows = computed(() =>
    this.#fields()
      .map((field) => ({ key: field.key, label: field.label, text: this.#text(field) }))
      .filter(({ text }) => text),
  );
  /** What has no value yet. */
  protected readonly open = computed(() =>
    this.#fields()
      .filter((field) => !this.#text(field))
      .map(({ label }) => this.#format.text(label)),
  );

  #text({ key, widget }: FieldSpec): string {
    const value = this.#value()[key];
    if (typeof value === 'number') return widget === 'money' ? this.#format.money(value) : this.#format.count(value, 2);
    if (typeof value !== 'string') return '';
    return key === 'iban' ? (value.match(/.{1,4}/g) ?? []).join(' ') : value;
  }
}
