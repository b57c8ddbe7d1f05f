/** The acts in the CRM: who did what to which record. Newest first, with filters in the address. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { ListJournal$Params, listJournal } from '../../../api/fn/journal/list-journal';
import { JournalChange } from '../../../api/models/journal-change';
import { JournalEntry } from '../../../api/models/journal-entry';
import { Site } from '../../../shared/auth/site';
import { DescribedValue } from '../../../shared/columns/described-value';
import { Descriptions } from '../../../shared/columns/descriptions';
import { PagedList } from '../../../shared/http/paged-list';
import { AgoPipe, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { PagedTable } from '../../../shared/ui/paged-table';
import { Filter } from '../../../shared/ui/filter';
import { queryState } from '../../../shared/ui/query-state';
import { Empty } from '../../../shared/ui/states';
import { ListHead } from '../../../shared/ui/list-head';
import { ListBar } from '../../vues/public/list-bar';
import { ACTS, KINDS, fieldName, page, shown } from '../util/words';

/** How many changes of a line are shown before the rest is folded. */
const SHOWN = 3;

@Component({
  imports: [ListBar, AgoPipe, Empty, InstantPipe, ListHead, PagedTable, RouterLink, TranslocoPipe, TxtPipe],
  templateUrl: './journal.html',
  styles: `
    .changes {
      display: grid;
      gap: 2px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    .changes li,
    .about {
      overflow-wrap: anywhere;
    }
    .about {
      max-width: 320px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Journal {
  readonly #api = inject(Api);
  readonly #site = inject(Site);
  readonly #descriptions = inject(Descriptions);
  readonly #transloco = inject(TranslocoService);
  readonly #values = inject(DescribedValue);
  protected readonly page = page;
  protected readonly fieldName = fieldName;
  protected readonly filters = queryState({ sujet: '', acte: '', du: '', au: '', personne: '' });
  protected readonly choices = signal<Filter[]>([
    {
      name: 'sujet',
      label: 'journal.about',
      any: 'journal.allKinds',
      options: KINDS.map((kind) => ({ value: kind, label: 'journal.kind.' + kind })),
    },
    {
      name: 'acte',
      label: 'journal.act',
      any: 'journal.allActs',
      options: ACTS.map((act) => ({ value: act, label: 'journal.acts.' + act })),
    },
    { name: 'du', label: 'journal.from', day: true },
    { name: 'au', label: 'journal.to', day: true },
  ]);
  protected readonly list = new PagedList(
    computed(() => {
      const { sujet, acte, du, au, personne } = this.filters.values();
      const site = this.#site.current();
      return {
        limit: 50,
        ...(sujet ? { subjectKind: sujet as ListJournal$Params['subjectKind'] } : {}),
        ...(acte ? { act: acte as ListJournal$Params['act'] } : {}),
        ...(du ? { from: du } : {}),
        ...(au ? { to: au } : {}),
        ...(personne ? { actorId: personne } : {}),
        ...(site ? { localisationId: site } : {}),
      };
    }),
    (params) => this.#api.invoke(listJournal, params),
  );

  constructor() {
    void this.#descriptions.read();
  }

  /** A value for people: as the lists of these records show it, where they describe the field. */
  protected shown({ subject }: JournalEntry, change: JournalChange, value: unknown): string {
    const field = this.#descriptions.fields(subject.kind).find(({ name }) => name === fieldName(change));
    const said = field && this.#values.text(field, value);
    if (said) return said;
    return typeof value === 'boolean' ? this.#transloco.translate(value ? 'common.yes' : 'common.no') : shown(value);
  }
  protected first(entry: JournalEntry): JournalEntry['changes'] {
    return entry.changes.slice(0, SHOWN);
  }
  protected rest(entry: JournalEntry): JournalEntry['changes'] {
    return entry.changes.slice(SHOWN);
  }
}
