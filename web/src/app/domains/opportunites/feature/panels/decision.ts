/** A short summary for a decision: who asks, for which company, for how much, and the fields of the step. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Format, InstantPipe, MoneyPipe } from '../../../../shared/i18n/pipes';
import { PanelContent } from '../../../../shared/panels/panels';
import { fieldsOf, isFilled } from '../../../../shared/schema-form/schema';
import { RecordSubject } from '../../public/record-subject';
import { describeValue, documentOf } from '../../util/describe';

@Component({
  imports: [InstantPipe, MoneyPipe, TranslocoPipe],
  template: `
    @let record = subject().record;
    <div class="card-body">
      @if (asked(); as entry) {
        <p class="muted small">
          {{ 'record.askedBy' | transloco: { name: entry.actor.name, at: (entry.at | instant) } }}
        </p>
      }
      <dl>
        <div>
          <dt>{{ 'opportunites.field.entreprise' | transloco }}</dt>
          <dd>{{ record.entreprise.name }}</dd>
        </div>
        <div>
          <dt>{{ 'opportunites.field.kind' | transloco }}</dt>
          <dd>{{ 'kind.' + record.kind | transloco }}</dd>
        </div>
        <div>
          <dt>{{ 'opportunites.field.budget' | transloco }}</dt>
          <dd class="num">{{ record.budget | money }}</dd>
        </div>
        @for (line of lines(); track line.label) {
          <div [class.long]="line.text.length > 60">
            <dt>{{ line.label }}</dt>
            <dd class="pre">{{ line.text }}</dd>
          </div>
        }
      </dl>
    </div>
  `,
  styles: `
    dl {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(210px, 100%), 1fr));
      gap: 12px 20px;
      margin-top: 10px;
    }
    .long {
      grid-column: 1 / -1;
    }
    dt {
      color: var(--muted);
      font-size: 12.5px;
    }
    dd {
      margin: 1px 0 0;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Decision implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
  readonly #format = inject(Format);

  /** The move that brought it here. */
  protected readonly asked = computed(() => {
    const { record, history } = this.subject();
    return history.find(({ kind, target }) => kind === 'moved' && target === record.status);
  });
  protected readonly lines = computed(() => {
    const { record, workflow } = this.subject();
    const document = documentOf(record, record.section);
    return fieldsOf(workflow.section(record.section)?.form ?? {})
      .filter(({ key }) => isFilled(document[key]))
      .map(({ key, label }) => ({
        label: this.#format.text(label),
        text: describeValue(document[key], `/${record.section}/${key}`, workflow, this.#format),
      }));
  });
}
