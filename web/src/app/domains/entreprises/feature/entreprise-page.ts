/** One company: identity, contacts, and its opportunités. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getEntreprise } from '../../../api/fn/entreprises/get-entreprise';
import { listEntrepriseOpportunites } from '../../../api/fn/entreprises/list-entreprise-opportunites';
import { Can } from '../../../shared/auth/can';
import { formatSiret } from '../../../shared/forms/siret';
import { Undo } from '../../../shared/forms/undo';
import { PagedList } from '../../../shared/http/paged-list';
import { countryName } from '../../../shared/i18n/countries';
import { Language } from '../../../shared/i18n/language';
import { CountPipe, InstantPipe, MoneyPipe } from '../../../shared/i18n/pipes';
import { Avatar } from '../../../shared/ui/avatar';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { AgeBadge } from '../../opportunites/public/age-badge';
import { StatusChip } from '../../opportunites/public/status-chip';

@Component({
  imports: [
    AgeBadge,
    Avatar,
    Can,
    CountPipe,
    Empty,
    Failed,
    Icon,
    InstantPipe,
    Loading,
    MoneyPipe,
    RouterLink,
    StatusChip,
    TranslocoPipe,
  ],
  templateUrl: './entreprise-page.html',
  styles: `
    .contact {
      display: flex;
      gap: 12px;
      padding: 12px 18px;
    }
    .deal {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 4px 14px;
      padding: 12px 18px;
      color: inherit;
      text-decoration: none;
    }
    .deal:hover {
      background: var(--surface-2);
    }
    .deal .side {
      display: flex;
      flex-direction: column;
      gap: 4px;
      align-items: flex-end;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EntreprisePage {
  readonly id = input.required<string>();
  readonly #api = inject(Api);
  protected readonly record = resource({
    params: () => this.id(),
    loader: ({ params }) => this.#api.invoke(getEntreprise, { id: params }),
  });
  protected readonly deals = new PagedList(
    computed(() => ({ id: this.id() })),
    (params) => this.#api.invoke(listEntrepriseOpportunites, params),
  );
  protected readonly siret = formatSiret;
  readonly #language = inject(Language);
  protected readonly country = computed(() =>
    this.record.hasValue() ? countryName(this.record.value().address.country, this.#language.tag()) : '',
  );

  constructor() {
    inject(Undo).afterwards(() => this.record.reload());
  }

  /** Only web addresses become links; anything else stays text. */
  protected link(website: string): string | null {
    const full = /^https?:\/\//i.test(website) ? website : `https://${website}`;
    return URL.canParse(full) ? full : null;
  }
}
