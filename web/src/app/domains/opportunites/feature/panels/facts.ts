/** The opportunité's key facts. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Can } from '../../../../shared/auth/can';
import { InstantPipe, MoneyPipe, TxtPipe } from '../../../../shared/i18n/pipes';
import { PanelContent } from '../../../../shared/panels/panels';
import { RecordSubject } from '../../public/record-subject';

@Component({
  imports: [Can, InstantPipe, MoneyPipe, TranslocoPipe, TxtPipe],
  template: `
    @let record = subject().record;
    <dl class="facts card-body">
      <dt>{{ 'opportunites.field.kind' | transloco }}</dt>
      <dd>{{ 'kind.' + record.kind | transloco }}</dd>
      <dt>{{ 'opportunites.field.budget' | transloco }}</dt>
      <dd class="num">{{ record.budget | money }}</dd>
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
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Facts implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
}
