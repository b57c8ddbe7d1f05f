/** One import: its columns, its preview, its progress, what it did, and the way back. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api, ApiFnRequired } from '../../../api/api';
import { applyImport } from '../../../api/fn/imports/apply-import';
import { getImport } from '../../../api/fn/imports/get-import';
import { listImportFields } from '../../../api/fn/imports/list-import-fields';
import { revertImport } from '../../../api/fn/imports/revert-import';
import { Import } from '../../../api/models/import';
import { Site } from '../../../shared/auth/site';
import { pollWhile } from '../../../shared/http/poll';
import { Problems } from '../../../shared/http/problem';
import { Format, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ImportProgress } from '../ui/import-progress';
import { ImportState } from '../ui/import-state';
import { ImportSteps } from '../ui/import-steps';
import { isLive, stepOf, written } from '../util/steps';
import { LISTS } from '../util/values';
import { ColumnMapping } from './column-mapping';
import { ImportChanges } from './import-changes';

@Component({
  imports: [
    ColumnMapping,
    Failed,
    Icon,
    ImportChanges,
    ImportProgress,
    ImportState,
    ImportSteps,
    InstantPipe,
    Loading,
    RouterLink,
    TranslocoPipe,
    TxtPipe,
  ],
  templateUrl: './import-page.html',
  styles: `
    h1 {
      overflow-wrap: anywhere;
    }
    .notice a {
      margin-left: 6px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ImportPage {
  readonly id = input.required<string>();
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #format = inject(Format);
  readonly #problems = inject(Problems);
  readonly #sites = inject(Site);
  readonly #transloco = inject(TranslocoService);

  protected readonly current = resource({
    params: () => this.id(),
    loader: ({ params }) => this.#api.invoke(getImport, { id: params }),
  });
  protected readonly fields = resource({
    params: () => (this.current.hasValue() ? { kind: this.current.value().kind } : undefined),
    loader: async ({ params }) => (await this.#api.invoke(listImportFields, params)).data,
  });
  readonly #state = computed(() => (this.current.hasValue() ? this.current.value().state : null));
  protected readonly step = computed(() => stepOf(this.#state() ?? 'uploaded'));
  protected readonly live = computed(() => {
    const state = this.#state();
    return state !== null && isLive(state);
  });
  protected readonly written = computed(() => (this.current.hasValue() ? written(this.current.value().counts) : 0));
  /** The columns of a file that was previewed are being changed. */
  protected readonly editing = signal(false);
  protected readonly mapping = computed(() => this.#state() === 'uploaded' || this.editing());
  protected readonly remappable = computed(() => ['previewed', 'reverted', 'failed'].includes(this.#state() ?? ''));
  protected readonly revertible = computed(
    () => ['applied', 'failed'].includes(this.#state() ?? '') && this.written() > 0,
  );
  protected readonly siteName = computed(() => {
    const mine = this.#sites.mine();
    const id = this.current.hasValue() ? this.current.value().localisationId : '';
    return mine.length > 1 ? mine.find((site) => site.id === id)?.name : undefined;
  });
  /** Where the records of the file are listed. */
  protected readonly records = computed(() => (this.current.hasValue() ? LISTS[this.current.value().kind] : '/'));
  protected readonly busy = signal(false);

  constructor() {
    pollWhile(
      () => this.live(),
      () => this.current.reload(),
    );
  }

  protected previewed(now: Import): void {
    this.editing.set(false);
    this.current.set(now);
  }
  protected apply(): Promise<void> {
    const counts = this.current.hasValue() ? this.current.value().counts : undefined;
    return this.#do(applyImport, 'apply', {
      created: this.#format.count(counts?.created ?? 0),
      updated: this.#format.count(counts?.updated ?? 0),
    });
  }
  protected revert(): Promise<void> {
    return this.#do(revertImport, 'revert', {});
  }

  async #do(call: ApiFnRequired<{ id: string }, Import>, name: 'apply' | 'revert', values: object): Promise<void> {
    const say = (key: string): string => this.#transloco.translate(`imports.${key}`, values);
    const sure = await this.#confirm.ask({
      title: say(`${name}Title`),
      body: say(`${name}Text`),
      yes: say(name),
      no: this.#transloco.translate('common.close'),
      danger: name === 'revert',
    });
    if (!sure) return;
    this.busy.set(true);
    try {
      this.current.set(await this.#api.invoke(call, { id: this.id() }));
    } catch (error) {
      this.#problems.report(error);
      this.current.reload();
    } finally {
      this.busy.set(false);
    }
  }
}
