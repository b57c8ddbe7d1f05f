/** The notes about a company. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Entreprise } from '../../../../api/models/entreprise';
import { PanelContent } from '../../../../shared/panels/panels';

@Component({
  template: `<p class="card-body pre">{{ subject().notes }}</p>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Notes implements PanelContent<Entreprise> {
  readonly subject = input.required<Entreprise>();
}
