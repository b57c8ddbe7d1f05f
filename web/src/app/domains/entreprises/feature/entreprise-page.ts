/** One company: who it is, how it stands, its actions, and the panels that domains register. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, resource } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getEntreprise } from '../../../api/fn/entreprises/get-entreprise';
import { Can } from '../../../shared/auth/can';
import { Session } from '../../../shared/auth/session';
import { formatSiret } from '../../../shared/forms/siret';
import { isProblem } from '../../../shared/http/problem';
import { Undo } from '../../../shared/forms/undo';
import { CountPipe } from '../../../shared/i18n/pipes';
import { TrailNav } from '../../../shared/lists/trail-nav';
import { PanelHost } from '../../../shared/panels/panel-host';
import { PanelTabs } from '../../../shared/panels/panel-tabs';
import { Panels } from '../../../shared/panels/panels';
import { Icon } from '../../../shared/ui/icon';
import { PageActions } from '../../../shared/ui/page-actions';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { BinButton } from '../../corbeille/public/bin-button';
import { InBin, binned } from '../../corbeille/public/in-bin';
import { Why } from '../../roles/public/why';
import { CompanyFacts } from '../data/company-facts';
import { Group } from './group';
import { KeyFigures } from './key-figures';

@Component({
  imports: [
    BinButton,
    Can,
    CountPipe,
    Failed,
    Group,
    Icon,
    InBin,
    KeyFigures,
    Loading,
    PanelHost,
    PanelTabs,
    RouterLink,
    TrailNav,
    TranslocoPipe,
    Why,
  ],
  templateUrl: './entreprise-page.html',
  styles: `
    .identity {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 16px;
    }
  `,
  providers: [CompanyFacts],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EntreprisePage {
  readonly id = input.required<string>();
  readonly #api = inject(Api);
  protected readonly record = resource({
    params: () => this.id(),
    loader: ({ params }) => this.#api.invoke(getEntreprise, { id: params }),
  });

  protected readonly inBin = computed(() => binned(this.record.error()));
  protected readonly siret = formatSiret;

  constructor() {
    const facts = inject(CompanyFacts);
    effect(() => {
      facts.show(this.id());
    });
    inject(Panels).prepare('entreprise');
    inject(Undo).afterwards(() => this.record.reload());
    const [router, toasts] = [inject(Router), inject(ToastStore)];
    const [session, transloco] = [inject(Session), inject(TranslocoService)];
    const edit = { id: 'edit', run: () => router.navigate(['/entreprises', this.id(), 'modifier']) };
    inject(PageActions).offer(
      computed(() =>
        session.can('entreprises:write') ? [{ ...edit, label: transloco.translate('entreprises.edit') }] : [],
      ),
    );
    effect(() => {
      const error = this.record.error();
      const survivor = isProblem(error, 'merged') ? error.problem.survivor : null;
      if (!survivor) return;
      // An old link leads to the company that it was merged into.
      toasts.show({ tone: 'info', text: error?.message ?? '' });
      void router.navigate(['/entreprises', survivor.id], { replaceUrl: true });
    });
  }
}
