/** The establishments of the company's group: those with the same SIREN. Nothing when it stands alone. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listEntreprises } from '../../../api/fn/entreprises/list-entreprises';
import { Entreprise } from '../../../api/models/entreprise';
import { formatSiret } from '../../../shared/forms/siret';

const MOST = 50;

@Component({
  selector: 'afpi-group',
  imports: [RouterLink, TranslocoPipe],
  template: `
    @if (found.hasValue() && found.value().length > 1) {
      <section class="card" aria-labelledby="group-title">
        <header class="card-head">
          <h2 id="group-title">{{ 'company.group' | transloco }}</h2>
          <span class="badge">{{ found.value().length }}</span>
        </header>
        <ul>
          @for (one of found.value(); track one.id) {
            <li [class.here]="one.id === subject().id">
              <a [routerLink]="['/entreprises', one.id]" [attr.aria-current]="one.id === subject().id ? 'page' : null">
                <span class="ellipsis strong">{{ one.name }}</span>
                <span class="muted small num">{{ one.siret ? siret(one.siret) : '—' }}</span>
                <span class="muted small">{{ one.address.city }} · {{ one.localisation.name }}</span>
              </a>
            </li>
          }
        </ul>
        <p class="muted small">{{ 'company.groupOf' | transloco: { siren: subject().siren } }}</p>
      </section>
    }
  `,
  styles: `
    :host(:empty) {
      display: none;
    }
    ul {
      padding: 6px 0 0;
    }
    a {
      display: grid;
      padding: 8px 18px;
      color: inherit;
    }
    a:hover {
      background: var(--surface-2);
      text-decoration: none;
    }
    .here a {
      box-shadow: inset 3px 0 0 var(--primary);
    }
    p {
      padding: 8px 18px 14px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Group {
  readonly subject = input.required<Entreprise>();
  readonly #api = inject(Api);
  readonly #siren = computed(() => this.subject().siren ?? undefined);
  protected readonly siret = formatSiret;
  protected readonly found = resource({
    params: () => this.#siren(),
    loader: async ({ params }) => {
      const { data } = await this.#api.invoke(listEntreprises, { q: params, limit: MOST });
      return data.filter(({ siren }) => siren === params);
    },
  });
}
