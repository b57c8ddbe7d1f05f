/** Companies that may be the same, in pairs: merge them, or say that they are two. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { dismissDoublon } from '../../../api/fn/entreprises/dismiss-doublon';
import { listDoublons } from '../../../api/fn/entreprises/list-doublons';
import { listFusions } from '../../../api/fn/entreprises/list-fusions';
import { restoreDoublon } from '../../../api/fn/entreprises/restore-doublon';
import { Doublon } from '../../../api/models/doublon';
import { DoublonEntreprise } from '../../../api/models/doublon-entreprise';
import { Site } from '../../../shared/auth/site';
import { formatSiret } from '../../../shared/forms/siret';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { queryState } from '../../../shared/ui/query-state';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { ToastStore } from '../../../shared/ui/toast-store';
import { Merge, Merges } from '../data/merges';
import { Couple, MergeDialog } from './merge-dialog';

@Component({
  imports: [AgoPipe, Empty, Failed, Icon, Loading, RouterLink, Tab, Tabs, TranslocoPipe],
  templateUrl: './doublons.html',
  styles: `
    .pair {
      display: grid;
      gap: 12px;
      padding: 14px 16px;
    }
    .two {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(240px, 1fr));
      gap: 12px;
    }
    .two > div {
      display: grid;
      gap: 2px;
      align-content: start;
      padding: 10px 12px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
      background: var(--surface-2);
      overflow-wrap: anywhere;
    }
    .why {
      flex: 1 1 260px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Doublons {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #merges = inject(Merges);
  readonly #problems = inject(Problems);
  readonly #site = inject(Site);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);

  protected readonly siret = formatSiret;
  protected readonly filters = queryState({ vue: 'suspects' });
  protected readonly tab = computed(() => this.filters.values().vue);
  /** The pair whose reason is being typed, and whether something is being sent. */
  protected readonly distinct = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly pairs = resource({
    params: () =>
      this.tab() === 'merges' ? undefined : { ...this.#site.filter(), ecartes: this.tab() === 'dismissed' },
    loader: ({ params }) => this.#api.invoke(listDoublons, params),
  });
  protected readonly merges = resource({
    params: () => (this.tab() === 'merges' ? {} : undefined),
    loader: () => this.#api.invoke(listFusions, {}),
  });

  protected key({ companies }: Doublon): string {
    return companies.map(({ id }) => id).join(' ');
  }
  protected place({ postcode, city, localisation }: DoublonEntreprise): string {
    return [[postcode, city].filter(Boolean).join(' '), localisation.name].filter(Boolean).join(' · ');
  }
  protected reach({ phone, email }: DoublonEntreprise): string {
    return [phone, email].filter(Boolean).join(' · ');
  }
  protected show(tab: string): void {
    this.distinct.set(null);
    this.filters.set({ vue: tab });
  }

  protected async merge(pair: Doublon): Promise<void> {
    const ref = this.#dialog.open<Merge | null>(MergeDialog, {
      data: couple(pair),
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'merge-title',
    });
    const made = await firstValueFrom(ref.closed);
    if (!made) return;
    this.#reload();
    this.#merges.made(made, () => {
      this.#reload();
    });
  }

  protected dismiss(event: Event, pair: Doublon, reason: string): Promise<void> {
    event.preventDefault();
    const [id, other] = couple(pair);
    return this.#doing(async () => {
      await this.#api.invoke(dismissDoublon, { id, other, body: { reason: reason.trim() } });
      this.distinct.set(null);
      this.#toasts.undoable(this.#transloco.translate('doublons.distinctDone'), () => this.#restore(id, other));
    });
  }
  protected restore(pair: Doublon): Promise<void> {
    return this.#restore(...couple(pair));
  }
  protected undo(survivor: string, fusion: string): Promise<void> {
    return this.#merges.takeBack(survivor, fusion, () => {
      this.#reload();
    });
  }

  #restore(id: string, other: string): Promise<void> {
    return this.#doing(async () => {
      await this.#api.invoke(restoreDoublon, { id, other });
      this.#toasts.done(this.#transloco.translate('doublons.restored'));
    });
  }
  async #doing(work: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    try {
      await work();
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
      this.#reload();
    }
  }
  #reload(): void {
    this.pairs.reload();
    this.merges.reload();
  }
}

/** The ids of both companies: a pair always has two. */
function couple({ companies }: Doublon): Couple {
  const [one = '', other = ''] = companies.map(({ id }) => id);
  return [one, other];
}
