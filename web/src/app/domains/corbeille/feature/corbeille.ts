/** The bin: what was deleted, by whom, why, until when, and the way back for one record or many. */
import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listCorbeille } from '../../../api/fn/corbeille/list-corbeille';
import { CorbeilleItem } from '../../../api/models/corbeille-item';
import { CorbeilleKind } from '../../../api/models/corbeille-kind';
import { Site } from '../../../shared/auth/site';
import { Undo } from '../../../shared/forms/undo';
import { AgoPipe, CountPipe, DayPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { queryState } from '../../../shared/ui/query-state';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { Bin } from '../data/bin';

@Component({
  imports: [AgoPipe, CountPipe, DayPipe, Empty, Failed, Icon, Loading, Tab, Tabs, TranslocoPipe],
  templateUrl: './corbeille.html',
  styles: `
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto auto;
      gap: 4px 16px;
      align-items: center;
      padding: 12px 16px;
      border-top: 1px solid var(--border);
      overflow-wrap: anywhere;
    }
    li:first-child {
      border-top: 0;
    }
    @media (max-width: 720px) {
      li {
        grid-template-columns: auto minmax(0, 1fr);
      }
      li > .purge,
      li > .btn {
        grid-column: 2;
        justify-self: start;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Corbeille {
  readonly #api = inject(Api);
  readonly #bin = inject(Bin);
  readonly #site = inject(Site);

  protected readonly filters = queryState({ genre: 'all' });
  protected readonly tab = computed(() => this.filters.values().genre);
  protected readonly busy = signal(false);
  protected readonly items = resource({
    params: () => {
      const kind = this.tab();
      return { ...this.#site.filter(), ...(kind === 'all' ? {} : { kind: kind as CorbeilleKind }) };
    },
    loader: ({ params }) => this.#api.invoke(listCorbeille, params),
  });
  /** The ids of the chosen records: none after another list was read. */
  protected readonly chosen = linkedSignal<unknown, ReadonlySet<string>>({
    source: () => (this.items.hasValue() ? this.items.value() : null),
    computation: () => new Set(),
  });

  constructor() {
    inject(Undo).afterwards(() => this.items.reload());
  }

  protected show(tab: string): void {
    this.filters.set({ genre: tab });
  }
  protected choose(id: string, on: boolean): void {
    this.chosen.update((before) => {
      const chosen = new Set(before);
      if (on) chosen.add(id);
      else chosen.delete(id);
      return chosen;
    });
  }
  protected restoreChosen(): Promise<void> {
    const all = this.items.hasValue() ? this.items.value().data : [];
    return this.restore(all.filter(({ id }) => this.chosen().has(id)));
  }
  protected async restore(items: readonly CorbeilleItem[]): Promise<void> {
    this.busy.set(true);
    await this.#bin.restore(items);
    this.busy.set(false);
    this.items.reload();
  }
}
