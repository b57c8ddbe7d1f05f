/** The first step of an import, a file, and the person's earlier imports. */
import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listImportKinds } from '../../../api/fn/imports/list-import-kinds';
import { listImports } from '../../../api/fn/imports/list-imports';
import { ImportKind } from '../../../api/models/import-kind';
import { Site } from '../../../shared/auth/site';
import { SiteChoice } from '../../../shared/forms/site-choice';
import { PagedList } from '../../../shared/http/paged-list';
import { isProblem, Problems } from '../../../shared/http/problem';
import { Download } from '../../../shared/http/download';
import { CountPipe, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { PagedTable } from '../../../shared/ui/paged-table';
import { Empty } from '../../../shared/ui/states';
import { FileSending } from '../data/file-sending';
import { ImportState } from '../ui/import-state';
import { ImportSteps } from '../ui/import-steps';
import { ACCEPTED, mediaType, refusalOf } from '../util/files';

@Component({
  imports: [
    CountPipe,
    Empty,
    Icon,
    ImportState,
    ImportSteps,
    InstantPipe,
    PagedTable,
    RouterLink,
    SiteChoice,
    TranslocoPipe,
    TxtPipe,
  ],
  templateUrl: './import-list.html',
  styles: `
    .zone {
      display: flex;
      flex-direction: column;
      gap: 14px;
      align-items: center;
      padding: 28px 18px;
      border: 2px dashed var(--border-strong);
      border-radius: var(--radius-l);
      text-align: center;
    }
    .zone.over {
      border-color: var(--primary);
      background: var(--primary-soft);
    }
    .btn {
      position: relative;
    }
    .btn:focus-within {
      outline: 2px solid var(--primary);
      outline-offset: 2px;
    }
    progress {
      width: 100%;
      accent-color: var(--primary);
    }
    .for {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(240px, 100%), 340px));
      gap: 14px;
      align-items: end;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ImportList {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #router = inject(Router);
  readonly #sending = inject(FileSending);
  readonly #download = inject(Download);
  readonly #sites = inject(Site);
  readonly #transloco = inject(TranslocoService);

  protected readonly accepted = ACCEPTED;
  protected readonly kinds = resource({
    loader: async () => (await this.#api.invoke(listImportKinds)).data,
    defaultValue: [],
  });
  /** What the file brings: as the link here says, otherwise companies. */
  protected readonly kind = signal<ImportKind>(
    (inject(ActivatedRoute).snapshot.queryParamMap.get('type') as ImportKind | null) ?? 'entreprises',
  );
  /** Who has several sites and looks at all of them chooses one: the first of the list would be right by chance only. */
  protected readonly site = linkedSignal(() => {
    const mine = this.#sites.mine();
    return this.#sites.current() ?? (mine.length === 1 ? mine[0]?.id : undefined) ?? '';
  });
  protected readonly ready = computed(() => this.site() !== '');
  protected readonly file = signal<File | null>(null);
  protected readonly part = signal(0);
  protected readonly over = signal(false);
  protected readonly refusal = signal('');
  protected readonly list = new PagedList(signal({ limit: 20 }), (params) => this.#api.invoke(listImports, params));

  /** The site's name, for a person with several. */
  protected siteName(id: string): string {
    const mine = this.#sites.mine();
    return mine.length > 1 ? (mine.find((site) => site.id === id)?.name ?? '') : '';
  }
  protected hover(event: DragEvent): void {
    event.preventDefault();
    this.over.set(true);
  }
  protected drop(event: DragEvent): void {
    event.preventDefault();
    this.over.set(false);
    void this.#take(event.dataTransfer?.files[0]);
  }
  protected choose(event: Event): void {
    const field = event.target as HTMLInputElement;
    void this.#take(field.files?.[0]);
    field.value = ''; // so that the same file, mended, can be chosen again
  }

  protected async template(format: 'csv' | 'xlsx'): Promise<void> {
    try {
      const name = `modele-${this.kind()}.${format}`;
      await this.#download.file('/api/imports/template', name, { kind: this.kind() }, mediaType(name));
    } catch (error) {
      this.#problems.report(error);
    }
  }

  async #take(file: File | undefined): Promise<void> {
    if (!file) return;
    const wrong = this.ready() ? refusalOf(file) : 'imports.siteFirst';
    this.refusal.set(wrong ? this.#transloco.translate(wrong) : '');
    if (wrong) return;
    this.part.set(0);
    this.file.set(file);
    try {
      const { id } = await this.#sending.send(file, this.kind(), this.site(), (part) => {
        this.part.set(part);
      });
      await this.#router.navigate(['/imports', id]);
    } catch (error) {
      const why = isProblem(error) ? [...error.fields.values()].join(' ') : '';
      this.refusal.set(why || this.#problems.message(error));
      this.file.set(null);
    }
  }
}
