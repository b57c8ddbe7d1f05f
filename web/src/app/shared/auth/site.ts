/** The site (localisation) that the user looks at: one of the user's sites, or all of them. Lists and dashboards
 * filter by it. */
import { Injectable, computed, inject, linkedSignal, resource } from '@angular/core';
import { Api } from '../../api/api';
import { listLocalisations } from '../../api/fn/localisations/list-localisations';
import { LocalisationRef } from '../../api/models/localisation-ref';
import { recall, remember } from '../ui/storage';
import { Session } from './session';

@Injectable({ providedIn: 'root' })
export class Site {
  readonly #api = inject(Api);
  readonly #session = inject(Session);

  /** Every site, by code. All roles may read them. */
  readonly all = resource({
    params: () => this.#session.me()?.id,
    loader: async () => (await this.#api.invoke(listLocalisations)).data,
    defaultValue: [],
  });

  /** The user's sites: those of the account, or all when the account has none. */
  readonly mine = computed<LocalisationRef[]>(() => {
    const own = this.#session.me()?.localisations ?? [];
    if (own.length) return own;
    return this.all.error() ? [] : this.all.value().map(({ id, code, name }) => ({ id, code, name }));
  });

  readonly #chosen = linkedSignal<string | undefined, string | null>({
    source: () => this.#session.me()?.id,
    computation: (user) => (user ? recall(`afpi.site.${user}`) : null),
  });

  /** Id of the chosen site; `null` means all. A remembered site that the user no longer has is ignored. */
  readonly current = computed(() => {
    const mine = this.mine();
    return mine.length > 1 && mine.some((site) => site.id === this.#chosen()) ? this.#chosen() : null;
  });
  readonly currentName = computed(() => this.mine().find((site) => site.id === this.current())?.name ?? null);

  choose(id: string | null): void {
    this.#chosen.set(id);
    const user = this.#session.me()?.id;
    if (user) remember(`afpi.site.${user}`, id);
  }

  /** The filter as a query parameter, absent for all sites. */
  filter(): { localisationId?: string } {
    const id = this.current();
    return id ? { localisationId: id } : {};
  }
}
