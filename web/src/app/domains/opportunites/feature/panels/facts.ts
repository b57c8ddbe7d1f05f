/** The opportunité's key facts. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Can } from '../../../../shared/auth/can';
import { Format, InstantPipe, MoneyPipe, TxtPipe } from '../../../../shared/i18n/pipes';
import { PanelContent } from '../../../../shared/panels/panels';
import { askedFirst, fieldsOf, isFilled } from '../../../../shared/schema-form/schema';
import { FieldWords } from '../../public/field-words';
import { RecordSubject } from '../../public/record-subject';
import { describeValue, documentOf } from '../../util/describe';

@Component({
  imports: [Can, InstantPipe, MoneyPipe, TranslocoPipe, TxtPipe],
  template: `
    @let record = subject().record;
    <dl class="facts card-body">
      <dt>{{ 'opportunites.field.kind' | transloco }}</dt>
      <dd>{{ 'kind.' + record.kind | transloco }}</dd>
      <dt>{{ 'opportunites.field.budget' | transloco }}</dt>
      <dd class="num">{{ record.budget | money }}</dd>
      @if (record.origine; as origine) {
        <dt>{{ 'opportunites.field.origine' | transloco }}</dt>
        <dd>{{ words.label('origine', origine) }}</dd>
      }
      @if (record.lostAt; as lostAt) {
        <dt>{{ 'opportunites.field.lostAt' | transloco }}</dt>
        <dd>{{ lostAt | instant }}</dd>
        <dt>{{ 'opportunites.field.lostReason' | transloco }}</dt>
        <dd>
          @if (record.lostReason; as reason) {
            {{ words.label('lostReason', reason) }}
          } @else {
            <span class="muted">{{ 'opportunites.unsaid' | transloco }}</span>
          }
          @if (record.lostRemark; as remark) {
            <span class="remark muted small">{{ remark }}</span>
          }
        </dd>
      }
      @for (line of asked(); track line.key) {
        <dt>{{ line.label | txt }}</dt>
        <dd class="num">{{ line.text }}</dd>
      }
      <dt>{{ 'record.created' | transloco }}</dt>
      <dd>{{ record.createdAt | instant }}</dd>
      <ng-container *afpiCan="'plugins:read'"
        ><dt>{{ 'record.workflow' | transloco }}</dt>
        <dd>
          {{ subject().workflow.definition.label | txt }}
          <span class="muted small">{{ record.workflow.version }}</span>
        </dd></ng-container
      >
    </dl>
  `,
  styles: `
    .remark {
      display: block;
      white-space: pre-line;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Facts implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
  readonly #format = inject(Format);
  protected readonly words = inject(FieldWords);
  /** What was asked for at the beginning: each later section plans by it. */
  protected readonly asked = computed(() => {
    const { record, workflow } = this.subject();
    const section = workflow.definition.sections[0];
    if (!section || record.section === section.id) return [];
    const document = documentOf(record, section.id);
    return fieldsOf(askedFirst(section.form) ?? {})
      .filter(({ key }) => isFilled(document[key]))
      .map(({ key, label }) => ({
        key,
        label,
        text: describeValue(document[key], `/${section.id}/${key}`, workflow, this.#format),
      }));
  });
}
