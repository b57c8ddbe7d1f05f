/** Where a company's record comes from. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Entreprise } from '../../../../api/models/entreprise';
import { InstantPipe } from '../../../../shared/i18n/pipes';
import { PanelContent } from '../../../../shared/panels/panels';

@Component({
  imports: [InstantPipe, TranslocoPipe],
  template: `
    @let company = subject();
    <dl class="facts card-body">
      @for (external of company.externalIds; track external.source + external.externalId) {
        <dt>{{ external.source }}</dt>
        <dd>
          {{ external.externalId }}<br /><span class="muted small">{{
            'entreprises.syncedAt' | transloco: { at: (external.syncedAt | instant) }
          }}</span>
        </dd>
      }
      <dt>{{ 'entreprises.createdAt' | transloco }}</dt>
      <dd>{{ company.createdAt | instant }}</dd>
      <dt>{{ 'entreprises.updatedAt' | transloco }}</dt>
      <dd>{{ company.updatedAt | instant }}</dd>
    </dl>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Origin implements PanelContent<Entreprise> {
  readonly subject = input.required<Entreprise>();
}
