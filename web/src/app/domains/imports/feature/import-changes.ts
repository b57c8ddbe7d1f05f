/** The lines of a file with what each one changes, or has changed: counted, filtered, page by page. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { ListImportChanges$Params, listImportChanges } from '../../../api/fn/imports/list-import-changes';
import { Import } from '../../../api/models/import';
import { ImportChange } from '../../../api/models/import-change';
import { ImportField } from '../../../api/models/import-field';
import { PagedList } from '../../../shared/http/paged-list';
import { CountPipe, Format, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { PagedTable } from '../../../shared/ui/paged-table';
import { queryState } from '../../../shared/ui/query-state';
import { Empty } from '../../../shared/ui/states';
import { Difference, differences } from '../util/steps';
import { LISTS, written } from '../util/values';

/** The records that have a page of their own. */
const PAGES = ['entreprise', 'formateur'];
const ACTIONS = ['created', 'updated', 'unchanged', 'skipped', 'conflict'] as const;

@Component({
  selector: 'afpi-import-changes',
  imports: [CountPipe, Empty, Icon, PagedTable, RouterLink, TranslocoPipe, TxtPipe],
  templateUrl: './import-changes.html',
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 14px;
      min-width: 0;
    }
    .tiles {
      grid-template-columns: repeat(auto-fit, minmax(min(108px, 100%), 1fr));
    }
    .count {
      display: flex;
      flex-direction: column;
      gap: 2px;
      align-items: flex-start;
      padding: 12px 14px;
      text-align: left;
      cursor: pointer;
    }
    .count[aria-pressed='true'] {
      border-color: var(--primary);
      box-shadow: 0 0 0 1px var(--primary);
    }
    .count b {
      font-size: 20px;
      font-variant-numeric: tabular-nums;
    }
    .diff {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 8px;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ImportChanges {
  readonly #api = inject(Api);
  readonly #format = inject(Format);
  readonly import = input.required<Import>();
  readonly fields = input.required<readonly ImportField[]>();

  protected readonly actions = ACTIONS;
  protected readonly tones: Record<ImportChange['action'], string> = {
    created: 'tone-good',
    updated: 'tone-info',
    unchanged: '',
    skipped: 'tone-warn',
    archived: 'tone-violet',
    missing: 'tone-violet',
    conflict: 'tone-bad',
  };
  protected readonly view = queryState({ effet: '', remarques: '' });
  /** The state decides what the lines say, so they are read again when it changes. */
  readonly #state = computed(() => this.import().state);
  protected readonly list = new PagedList(
    computed((): ListImportChanges$Params => {
      this.#state();
      const { effet, remarques } = this.view.values();
      return {
        id: this.import().id,
        limit: 50,
        ...(effet ? { action: effet as ImportChange['action'] } : {}),
        ...(remarques ? { remarked: true } : {}),
      };
    }),
    (params) => this.#api.invoke(listImportChanges, params),
  );

  protected differences(change: ImportChange): Difference[] {
    return differences(change, this.fields(), (text) => this.#format.text(text));
  }
  /** The fields that somebody changed meanwhile, with the value that stays. */
  protected conflicts(change: ImportChange): { label: string; here: string }[] {
    const prefix = change.entity === 'contact' ? 'contact.' : '';
    return Object.entries(change.conflicts ?? {}).map(([name, conflict]) => {
      const field = this.fields().find((known) => known.name === prefix + name);
      return { label: this.#format.text(field?.label) || name, here: written(field, conflict.here) || '—' };
    });
  }
  /** The record of a line, where it exists now. */
  protected link({ recordId, entity, action }: ImportChange): string[] | null {
    const there = action !== 'created' || this.import().state === 'applied';
    return recordId && PAGES.includes(entity) && there ? [LISTS[this.import().kind], recordId] : null;
  }
}
