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
import { Undo } from '../../../shared/forms/undo';
import { PagedList } from '../../../shared/http/paged-list';
import { Problems } from '../../../shared/http/problem';
import { DayPipe, Format } from '../../../shared/i18n/pipes';
import { fieldsOf } from '../../../shared/schema-form/schema';
import { ClearFilters } from '../../../shared/ui/clear-filters';
import { ExportButton } from '../../../shared/ui/export-button';
import { ListHead } from '../../../shared/ui/list-head';
import { PagedTable } from '../../../shared/ui/paged-table';
import { queryState } from '../../../shared/ui/query-state';
import { SearchBox } from '../../../shared/ui/search-box';
import { SortHeader } from '../../../shared/ui/sort-header';
import { Empty } from '../../../shared/ui/states';
import { StagiaireClient } from '../data/stagiaire-client';
import { hoursOf } from '../util/hours';
import { STAGIAIRE_SCHEMA } from '../util/stagiaire-schema';
import { StagiaireDialog } from './stagiaire-dialog';

@Component({
  imports: [
    Can,
    ClearFilters,
    DayPipe,
    Empty,
    ExportButton,
    ListHead,
    PagedTable,
    RouterLink,
    SearchBox,
    SortHeader,
    TranslocoPipe,
  ],
  template: `
    @let now = filters.values();
    <div class="page">
      <afpi-list-head name="stagiaires.title" [list]="list">
        <afpi-export-button
          *afpiCan="'stagiaires:export'"
          path="/api/stagiaires/export"
          name="stagiaires"
          [params]="wanted()"
        />
      </afpi-list-head>
      <div class="filters" role="search">
        <afpi-search-box
          [label]="'stagiaires.search' | transloco"
          [value]="now.q"
          (searched)="filters.set({ q: $event })"
        />
        <select
          class="input"
          [attr.aria-label]="'stagiaires.status' | transloco"
          [value]="now.status"
          (change)="filters.set({ status: $any($event.target).value })"
        >
          <option value="">{{ 'stagiaires.anyStatus' | transloco }}</option>
          @for (status of statuses; track status.value) {
            <option [value]="status.value" [selected]="status.value === now.status">
              {{ format.text(status.label) }}
            </option>
          }
        </select>
        <afpi-clear-filters [state]="filters" />
      </div>
      <afpi-paged-table [list]="list">
        <table class="table cards" [attr.aria-label]="'stagiaires.title' | transloco">
          <thead>
            <tr>
              <th afpiSort="name" [(sort)]="sort">{{ 'stagiaires.name' | transloco }}</th>
              <th scope="col">{{ 'stagiaires.birth' | transloco }}</th>
              <th scope="col">{{ 'stagiaires.email' | transloco }}</th>
              <th scope="col">{{ 'stagiaires.company' | transloco }}</th>
              <th scope="col">{{ 'stagiaires.opportunite' | transloco }}</th>
              <th scope="col" class="num">{{ 'stagiaires.hours' | transloco }}</th>
            </tr>
          </thead>
          <tbody>
            @for (person of list.items(); track person.id) {
              <tr>
                <td class="main">
                  <button type="button" class="btn-link name" (click)="open(person)">{{ person.name }}</button>
                </td>
                <td [attr.data-label]="'stagiaires.birth' | transloco">
                  {{ person.birthDate ? (person.birthDate | day) : '—' }}
                </td>
                <td class="long" [attr.data-label]="'stagiaires.email' | transloco">{{ person.email || '—' }}</td>
                <td [attr.data-label]="'stagiaires.company' | transloco">{{ person.company || '—' }}</td>
                <td [attr.data-label]="'stagiaires.opportunite' | transloco">
                  <a [routerLink]="['/opportunites', person.opportuniteId]" [attr.title]="person.opportunite.title">{{
                    person.opportunite.numero
                  }}</a>
                </td>
                <td class="num" [attr.data-label]="'stagiaires.hours' | transloco">{{ hours(person) }}</td>
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
  protected readonly statuses = fieldsOf(STAGIAIRE_SCHEMA).find(({ key }) => key === 'status')?.options ?? [];
  protected readonly filters = queryState({ q: '', status: '' });
  protected readonly sort = signal('name');
  protected readonly wanted = computed(() => {
    const { q, status } = this.filters.values();
    return {
      ...this.#site.filter(),
      ...(q ? { q } : {}),
      ...(status ? { status: status as StagiaireStatus } : {}),
    };
  });
  protected readonly list = new PagedList(
    computed(() => ({ ...this.wanted(), sort: this.sort() as ListStagiaires$Params['sort'], limit: 50 })),
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
