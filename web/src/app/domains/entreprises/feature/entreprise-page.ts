/** One company: its name, its actions, and the panels that domains register. */
import { ChangeDetectionStrategy, Component, inject, input, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getEntreprise } from '../../../api/fn/entreprises/get-entreprise';
import { Can } from '../../../shared/auth/can';
import { Undo } from '../../../shared/forms/undo';
import { PanelHost } from '../../../shared/panels/panel-host';
import { Panels } from '../../../shared/panels/panels';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { Why } from '../../roles/public/why';

@Component({
  imports: [Can, Failed, Icon, Loading, PanelHost, RouterLink, TranslocoPipe, Why],
  templateUrl: './entreprise-page.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EntreprisePage {
  readonly id = input.required<string>();
  readonly #api = inject(Api);
  protected readonly record = resource({
    params: () => this.id(),
    loader: ({ params }) => this.#api.invoke(getEntreprise, { id: params }),
  });

  constructor() {
    inject(Panels).prepare('entreprise');
    inject(Undo).afterwards(() => this.record.reload());
  }
}
