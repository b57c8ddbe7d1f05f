/** What cannot be right in the records of the sites: the gravest first, to be put right or accepted with a reason. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { createAnomalieControle } from '../../../api/fn/anomalies/create-anomalie-controle';
import { ListAnomalies$Params, listAnomalies } from '../../../api/fn/anomalies/list-anomalies';
import { listAnomalieRegles } from '../../../api/fn/anomalies/list-anomalie-regles';
import { reopenAnomalie } from '../../../api/fn/anomalies/reopen-anomalie';
import { Anomalie } from '../../../api/models/anomalie';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { PagedList } from '../../../shared/http/paged-list';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Filter } from '../../../shared/ui/filter';
import { FilterBar } from '../../../shared/ui/filter-bar';
import { Icon } from '../../../shared/ui/icon';
import { ListHead } from '../../../shared/ui/list-head';
import { PagedTable } from '../../../shared/ui/paged-table';
import { queryState } from '../../../shared/ui/query-state';
import { Empty } from '../../../shared/ui/states';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { ToastStore } from '../../../shared/ui/toast-store';
import { SEVERITIES, icon, page } from '../data/words';
import { AcceptDialog } from './accept-dialog';

/** How long after a check was asked for the list is read again. */
const SOON = [1_500, 5_000, 12_000];

@Component({
  imports: [
    AgoPipe,
    Empty,
    FilterBar,
    Icon,
    InstantPipe,
    ListHead,
    PagedTable,
    RouterLink,
    Tab,
    Tabs,
    TranslocoPipe,
    TxtPipe,
  ],
  templateUrl: './anomalies.html',
  styleUrl: './anomalies.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Anomalies {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #problems = inject(Problems);
  readonly #session = inject(Session);
  readonly #site = inject(Site);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly icon = icon;
  protected readonly page = page;
  protected readonly busy = signal(false);
  protected readonly mayAccept = computed(() => this.#session.can('anomalies:accept'));
  protected readonly filters = queryState({ etat: 'open', q: '', gravite: '', regle: '' });
  protected readonly tab = computed(() => this.filters.values().etat as 'open' | 'accepted' | 'gone');
  protected readonly narrowed = computed(() => {
    const { q, gravite, regle } = this.filters.values();
    return !!(q || gravite || regle);
  });
  protected readonly rules = resource({ loader: () => this.#api.invoke(listAnomalieRegles) });
  protected readonly choices = computed<Filter[]>(() => [
    {
      name: 'gravite',
      label: 'anomalies.severity.label',
      any: 'anomalies.severity.any',
      options: SEVERITIES.map((value) => ({ value, label: 'anomalies.severity.' + value })),
    },
    {
      name: 'regle',
      label: 'anomalies.rule',
      any: 'anomalies.anyRule',
      options: this.rules.hasValue()
        ? this.rules.value().data.map(({ id, label }) => ({ value: id, text: label }))
        : [],
    },
  ]);
  protected readonly list = new PagedList(
    computed(() => {
      const { q, gravite, regle } = this.filters.values();
      return {
        limit: 50,
        state: this.tab(),
        ...(q ? { q } : {}),
        ...(gravite ? { severity: gravite as ListAnomalies$Params['severity'] } : {}),
        ...(regle ? { rule: regle } : {}),
        ...this.#site.filter(),
      };
    }),
    (params) => this.#api.invoke(listAnomalies, params),
  );
  /** The last audits of the chosen sites. */
  protected readonly checks = computed(() => {
    const site = this.#site.current();
    const all = this.rules.hasValue() ? this.rules.value().controles : [];
    return all.filter(({ localisation }) => !site || localisation.id === site);
  });
  /** The oldest of the last audits. */
  protected readonly checkedAt = computed(() =>
    this.checks()
      .flatMap(({ checkedAt }) => checkedAt ?? [])
      .reduce((oldest, at) => (oldest && oldest < at ? oldest : at), ''),
  );
  protected readonly failed = computed(() => {
    const failed = this.checks().filter((check) => check.failed);
    const [first] = failed;
    return first && { plugin: first.failed, sites: failed.map(({ localisation }) => localisation.name).join(', ') };
  });
  protected readonly unchecked = computed(() => this.rules.hasValue() && this.rules.value().data.length === 0);

  protected show(etat: string): void {
    this.filters.set({ etat });
  }
  protected async accept(finding: Anomalie): Promise<void> {
    const ref = this.#dialog.open<boolean>(AcceptDialog, {
      data: finding,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'accept-title',
    });
    if (!(await firstValueFrom(ref.closed))) return;
    this.#toasts.undoable(this.#transloco.translate('anomalies.accepted'), () => this.#reopen(finding));
    this.#reload();
  }
  protected async reopen(finding: Anomalie): Promise<void> {
    if (await this.#reopen(finding)) this.#toasts.done(this.#transloco.translate('anomalies.reopened'));
  }
  /** Has every site that is shown and that a plugin checks audited now. */
  protected async check(): Promise<void> {
    this.busy.set(true);
    try {
      for (const { localisation } of this.checks().filter(({ checkedAt }) => checkedAt))
        await this.#api.invoke(createAnomalieControle, { body: { localisationId: localisation.id } });
      this.#toasts.done(this.#transloco.translate('anomalies.checking'));
      for (const wait of SOON)
        setTimeout(() => {
          this.#reload();
        }, wait);
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
  }
  async #reopen({ id }: Anomalie): Promise<boolean> {
    try {
      await this.#api.invoke(reopenAnomalie, { id });
      this.#reload();
      return true;
    } catch (error) {
      this.#problems.report(error);
      return false;
    }
  }
  #reload(): void {
    void this.list.reload();
    this.rules.reload();
  }
}
