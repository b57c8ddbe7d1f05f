/** The trainees of the opportunités that the user sees. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { ListStagiaires$Params } from '../../../api/fn/stagiaires/list-stagiaires';
import { StagiaireItem } from '../../../api/models/stagiaire-item';
import { StagiaireStatus } from '../../../api/models/stagiaire-status';
import { Can } from '../../../shared/auth/can';
import { Site } from '../../../shared/auth/site';
import { ColumnChoice } from '../../../shared/columns/column-choice';
import { ColumnHeads } from '../../../shared/columns/column-heads';
import { listColumns } from '../../../shared/columns/columns';
import { DescribedCell } from '../../../shared/columns/described-cell';
import { Undo } from '../../../shared/forms/undo';
import { PagedList } from '../../../shared/http/paged-list';
import { Problems } from '../../../shared/http/problem';
import { DayPipe, Format } from '../../../shared/i18n/pipes';
import { fieldsOf } from '../../../shared/schema-form/schema';
import { ExportButton } from '../../../shared/ui/export-button';
import { ListHead } from '../../../shared/ui/list-head';
import { PagedTable } from '../../../shared/ui/paged-table';
import { Filter } from '../../../shared/ui/filter';
import { queryState } from '../../../shared/ui/query-state';
import { SortHeader } from '../../../shared/ui/sort-header';
import { Empty } from '../../../shared/ui/states';
import { ListBar } from '../../vues/public/list-bar';
import { StagiaireClient } from '../data/stagiaire-client';
import { hoursOf } from '../util/hours';
import { STAGIAIRE_SCHEMA } from '../util/stagiaire-schema';
import { StagiaireDialog } from './stagiaire-dialog';

@Component({
  imports: [
    ColumnChoice,
    ColumnHeads,
    DescribedCell,
    ListBar,
    Can,
    DayPipe,
    Empty,
    ExportButton,
    ListHead,
    PagedTable,
    RouterLink,
    SortHeader,
    TranslocoPipe,
  ],
  template: `
    @let now = filters.values();
    <div class="page">
      <afpi-list-head name="stagiaires.title" [list]="list">
        <afpi-column-choice [columns]="columns" />
        <afpi-export-button
          *afpiCan="'stagiaires:export'"
          path="/api/stagiaires/export"
          name="stagiaires"
          [params]="wanted()"
        />
      </afpi-list-head>
      <afpi-list-bar
        [inputs]="{
          list: 'stagiaires',
          state: filters,
          columns: columns,
          search: 'stagiaires.search',
          filters: choices(),
        }"
      />
      <afpi-paged-table [list]="list">
        <table class="table cards" [attr.aria-label]="'stagiaires.title' | transloco">
          <thead>
            <tr [afpiHeads]="columns" [sort]="now.tri" (sortChange)="filters.set({ tri: $event })">
              <th afpiSort="name" [sort]="now.tri" (sortChange)="filters.set({ tri: $event })">
                {{ 'stagiaires.name' | transloco }}
              </th>
            </tr>
          </thead>
          <tbody>
            @for (person of list.items(); track person.id) {
              <tr>
                <td class="main">
                  <button type="button" class="btn-link name" (click)="open(person)">{{ person.name }}</button>
                </td>
                @for (column of columns.shown(); track column.id) {
                  @switch (column.id) {
                    @case ('birthDate') {
                      <td [attr.data-label]="column.label">
                        {{ person.birthDate ? (person.birthDate | day) : '—' }}
                      </td>
                    }
                    @case ('email') {
                      <td class="long" [attr.data-label]="column.label">{{ person.email || '—' }}</td>
                    }
                    @case ('company') {
                      <td [attr.data-label]="column.label">{{ person.company || '—' }}</td>
                    }
                    @case ('opportuniteId') {
                      <td [attr.data-label]="column.label">
                        <a
                          [routerLink]="['/opportunites', person.opportuniteId]"
                          [attr.title]="person.opportunite.title"
                          >{{ person.opportunite.numero }}</a
                        >
                      </td>
                    }
                    @case ('minutesDone') {
                      <td class="right num" [attr.data-label]="column.label">{{ hours(person) }}</td>
                    }
                    @default {
                      @if (column.field; as field) {
                        <td [afpiCell]="field" [item]="person"></td>
                      }
                    }
                  }
                }
              </tr>
            }
          </tbody>
        </table>
        <afpi-empty icon="users" [title]="'stagiaires.none' | transloco" [text]="'stagiaires.noneAtAll' | transloco" />
      </afpi-paged-table>
    </div>
  `,
  styles: `
    .name {
      font-weight: 600;
    }
    .long {
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StagiaireList {
  readonly #client = inject(StagiaireClient);
  readonly #dialog = inject(Dialog);
  readonly #router = inject(Router);
  readonly #problems = inject(Problems);
  readonly #site = inject(Site);
  readonly #transloco = inject(TranslocoService);
  protected readonly format = inject(Format);
  protected readonly columns = listColumns(
    'stagiaire',
    ['name', 'lastName', 'firstName', 'minutesPlanned'],
    [
      { id: 'birthDate', label: 'stagiaires.birth', first: true },
      { id: 'email', label: 'stagiaires.email', first: true },
      { id: 'company', label: 'stagiaires.company', first: true },
      { id: 'opportuniteId', label: 'stagiaires.opportunite', first: true },
      { id: 'minutesDone', label: 'stagiaires.hours', first: true, right: true },
    ],
  );
  protected readonly filters = queryState({ q: '', status: '', tri: 'name' });
  protected readonly choices = signal<Filter[]>([
    {
      name: 'status',
      label: 'stagiaires.status',
      any: 'stagiaires.anyStatus',
      options: (fieldsOf(STAGIAIRE_SCHEMA).find(({ key }) => key === 'status')?.options ?? []).map((option) => ({
        value: String(option.value),
        text: option.label,
      })),
    },
  ]);
  protected readonly wanted = computed(() => {
    const { q, status } = this.filters.values();
    return {
      ...this.#site.filter(),
      ...(q ? { q } : {}),
      ...(status ? { status: status as StagiaireStatus } : {}),
    };
  });
  protected readonly list = new PagedList(
    computed(() => ({ ...this.wanted(), sort: this.filters.values().tri as ListStagiaires$Params['sort'], limit: 50 })),
    (params) => this.#client.list(params),
  );

  constructor() {
    inject(Undo).afterwards(() => this.list.reload());
  }

  protected hours(person: StagiaireItem): string {
    return hoursOf(person, this.format, this.#transloco);
  }
  /** Opens the form. Who may not edit the trainee gets to the opportunité. */
  protected async open({ id, opportuniteId }: StagiaireItem): Promise<void> {
    try {
      const data = await this.#client.get(id);
      if (!data.editable) {
        await this.#router.navigate(['/opportunites', opportuniteId]);
        return;
      }
      const ref = this.#dialog.open(StagiaireDialog, {
        data,
        panelClass: 'dialog-panel',
        ariaLabelledBy: 'stagiaire-title',
      });
      await firstValueFrom(ref.closed);
      await this.list.reload();
    } catch (error) {
      this.#problems.report(error);
    }
  }
}
