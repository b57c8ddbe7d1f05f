/**
 * The saved views above a list: tabs of those that are pinned, a menu of all, and what can be done with the one shown.
 * A view is an address: its filters and its id. Lists load this bar on demand.
 */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  effect,
  inject,
  input,
  resource,
  signal,
  untracked,
} from '@angular/core';
import { CdkMenu, CdkMenuItem, CdkMenuItemCheckbox, CdkMenuTrigger } from '@angular/cdk/menu';
import { Dialog } from '@angular/cdk/dialog';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { createVue } from '../../../api/fn/vues/create-vue';
import { deleteVue } from '../../../api/fn/vues/delete-vue';
import { dropDefaultVue } from '../../../api/fn/vues/drop-default-vue';
import { listVues } from '../../../api/fn/vues/list-vues';
import { makeDefaultVue } from '../../../api/fn/vues/make-default-vue';
import { updateVue } from '../../../api/fn/vues/update-vue';
import { Vue } from '../../../api/models/vue';
import { VueList } from '../../../api/models/vue-list';
import { Columns } from '../../../shared/columns/columns';
import { Rows } from '../../../shared/columns/density';
import { Problems } from '../../../shared/http/problem';
import { Language } from '../../../shared/i18n/language';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { QueryState } from '../../../shared/ui/query-state';
import { ToastStore } from '../../../shared/ui/toast-store';
import { VUE, addressOf, paramsOf, same } from '../util/applied';
import { VueQuestion } from '../util/vue-question';
import { VUE_TEXTS } from '../data/vue-texts';

/** In the address: the list without a view, although it usually opens with one. */
const ALL = 'toutes';

@Component({
  selector: 'afpi-vue-bar',
  imports: [CdkMenu, CdkMenuItem, CdkMenuItemCheckbox, CdkMenuTrigger, Icon, RouterLink, TranslocoPipe],
  templateUrl: './vue-bar.html',
  styleUrl: './vue-bar.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class VueBar {
  readonly list = input.required<VueList>();
  readonly state = input.required<QueryState<string>>();
  readonly columns = input<Columns>();
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #dialog = inject(Dialog);
  readonly #problems = inject(Problems);
  readonly #route = inject(ActivatedRoute);
  readonly #router = inject(Router);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #query = toSignal(this.#route.queryParamMap, { requireSync: true });
  protected readonly rows = inject(Rows);
  protected readonly ready = signal(false);
  /** Away: the list works without its views. */
  protected readonly vues = resource({
    params: () => this.list(),
    loader: async ({ params }) => (await this.#api.invoke(listVues, { list: params })).data,
  });
  protected readonly all = computed(() => (this.vues.hasValue() ? this.vues.value() : []));
  protected readonly current = computed(() => this.all().find((vue) => vue.id === this.#query().get(VUE)) ?? null);
  /** Those with a tab: pinned ones, and the one shown. */
  protected readonly tabs = computed(() =>
    this.all().filter((vue) => (vue.pinned && vue.addressed) || vue === this.current()),
  );
  protected readonly groups = computed(() =>
    [
      { label: 'vues.mine', vues: this.all().filter((vue) => vue.mine) },
      { label: 'vues.shared', vues: this.all().filter((vue) => !vue.mine && vue.addressed) },
      { label: 'vues.others', vues: this.all().filter((vue) => !vue.addressed) },
    ].filter(({ vues }) => vues.length),
  );
  /** Does the list show something else than its view? */
  protected readonly changed = computed(() => {
    const vue = this.current();
    const kept = vue?.columns;
    const columns = this.columns()?.chosen();
    const others = !!kept && !!columns && JSON.stringify(kept) !== JSON.stringify(columns);
    return others || !same(vue?.query ?? [], this.state());
  });

  constructor() {
    void inject(Language)
      .add(VUE_TEXTS)
      .then(() => {
        this.ready.set(true);
      });
    const first = effect(() => {
      if (!this.vues.hasValue()) return;
      first.destroy();
      untracked(() => {
        this.#open(this.vues.value() ?? []);
      });
    });
    effect(() => {
      const vue = this.current();
      this.columns()?.use(vue?.columns ?? null);
      this.rows.use(vue?.density ?? null);
    });
    inject(DestroyRef).onDestroy(() => {
      this.rows.use(null);
    });
  }

  /** The address of a view, or of the list without one. */
  protected address(vue: Vue | null): Record<string, string | null> {
    return addressOf(vue, this.state(), this.all().some(({ isDefault }) => isDefault) ? ALL : null);
  }

  protected async show(vue: Vue | null, replaceUrl = false): Promise<void> {
    const queryParams = this.address(vue);
    await this.#router.navigate([], { relativeTo: this.#route, queryParams, queryParamsHandling: 'merge', replaceUrl });
  }

  protected async save(vue: Vue | null): Promise<void> {
    const data: VueQuestion = {
      list: this.list(),
      vue,
      query: paramsOf(this.state()),
      columns: this.columns()?.chosen() ?? null,
    };
    const { VueDialog } = await import('./vue-dialog');
    const ref = this.#dialog.open<Vue>(VueDialog, { data, panelClass: 'dialog-panel', ariaLabelledBy: 'vue-title' });
    const saved = await firstValueFrom(ref.closed);
    if (saved) await this.#stored(saved);
  }

  /** Makes what is shown the view's content. */
  protected async update(vue: Vue): Promise<void> {
    const columns = vue.columns && this.columns()?.chosen();
    const body = { query: paramsOf(this.state()), ...(columns ? { columns } : {}) };
    await this.#trying(async () => {
      await this.#stored(await this.#api.invoke(updateVue, { ...at(vue), body }));
    });
  }

  protected async remove(vue: Vue): Promise<void> {
    const say = (key: string): string => this.#transloco.translate(key, { name: vue.name });
    const question = {
      title: say('vues.removeShared'),
      body: say('vues.removeSharedText'),
      yes: say('vues.remove'),
      danger: true,
    };
    if (vue.sharedWith && !(await this.#confirm.ask(question))) return;
    await this.#trying(async () => {
      await this.#api.invoke(deleteVue, at(vue));
      await this.show(null, true);
      this.vues.reload();
      const { list, name, query, pinned } = vue;
      const body = { list, name, query, pinned, columns: vue.columns ?? null, density: vue.density ?? null };
      if (vue.sharedWith) this.#toasts.done(say('vues.removed'));
      else
        this.#toasts.undoable(say('vues.removed'), () =>
          this.#trying(async () => {
            await this.#stored(await this.#api.invoke(createVue, { body }));
          }),
        );
    });
  }

  protected async standard({ id, name, isDefault }: Vue): Promise<void> {
    await this.#trying(async () => {
      await this.#api.invoke(isDefault ? dropDefaultVue : makeDefaultVue, { id });
      this.#toasts.done(this.#transloco.translate(isDefault ? 'vues.opensWithout' : 'vues.opensWith', { name }));
      this.vues.reload();
    });
  }

  protected turn(): void {
    this.rows.choose(this.rows.density() === 'compact' ? 'comfortable' : 'compact');
  }

  /** A list that is opened without an address of its own shows the person's view. */
  #open(vues: Vue[]): void {
    const standard = vues.find(({ isDefault }) => isDefault);
    if (standard && !this.#query().has(VUE) && !this.state().active()) void this.show(standard, true);
  }

  async #stored(vue: Vue): Promise<void> {
    this.vues.update((before) => {
      const others = (before ?? []).filter(({ id }) => id !== vue.id);
      return [...others, vue].sort((a, b) => a.name.localeCompare(b.name, 'fr', { numeric: true }));
    });
    await this.show(vue);
    this.#toasts.done(this.#transloco.translate('vues.saved', { name: vue.name }));
  }

  async #trying(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#problems.report(error);
      this.vues.reload();
    }
  }
}

function at({ id, version }: Vue): { id: string; 'If-Match': string } {
  return { id, 'If-Match': `"${version}"` };
}
