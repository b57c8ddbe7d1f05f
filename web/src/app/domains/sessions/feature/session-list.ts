/** The sessions of the user's sites. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { ListSessions$Params } from '../../../api/fn/sessions/list-sessions';
import { SessionRecord } from '../../../api/models/session-record';
import { SessionStatus } from '../../../api/models/session-status';
import { Can } from '../../../shared/auth/can';
import { Site } from '../../../shared/auth/site';
import { ColumnChoice } from '../../../shared/columns/column-choice';
import { ColumnHeads } from '../../../shared/columns/column-heads';
import { listColumns } from '../../../shared/columns/columns';
import { DescribedCell } from '../../../shared/columns/described-cell';
import { Undo } from '../../../shared/forms/undo';
import { PagedList } from '../../../shared/http/paged-list';
import { DayPipe } from '../../../shared/i18n/pipes';
import { ExportButton } from '../../../shared/ui/export-button';
import { Icon } from '../../../shared/ui/icon';
import { ListHead } from '../../../shared/ui/list-head';
import { PagedTable } from '../../../shared/ui/paged-table';
import { Filter } from '../../../shared/ui/filter';
import { queryState } from '../../../shared/ui/query-state';
import { SortHeader } from '../../../shared/ui/sort-header';
import { Empty } from '../../../shared/ui/states';
import { ListBar } from '../../vues/public/list-bar';
import { Dossiers } from '../../preuves/public/dossiers';
import { SessionClient } from '../data/session-client';
import { StatusChip } from '../ui/status-chip';
import { SessionDialog } from './session-dialog';

const STATUSES: readonly SessionStatus[] = ['prevue', 'confirmee', 'realisee', 'annulee'];

@Component({
  imports: [
    ColumnChoice,
    ColumnHeads,
    DescribedCell,
    SortHeader,
    ListBar,
    Can,
    DayPipe,
    Dossiers,
    Empty,
    ExportButton,
    Icon,
    ListHead,
    PagedTable,
    RouterLink,
    StatusChip,
    TranslocoPipe,
  ],
  template: `
    <div class="page">
      <afpi-list-head name="nav.sessions" [list]="list">
        <afpi-column-choice [columns]="columns" />
        <afpi-export-button
          *afpiCan="'stagiaires:export'"
          path="/api/sessions/export"
          name="sessions"
          [params]="wanted()"
        />
        <button type="button" class="btn btn-primary" *afpiCan="'sessions:write'" (click)="create()">
          <afpi-icon name="plus" [size]="17" />{{ 'sessions.create' | transloco }}
        </button>
      </afpi-list-head>
      <afpi-list-bar
        [inputs]="{ list: 'sessions', state: filters, columns: columns, search: 'sessions.search', filters: choices() }"
      />
      @if (chosen().length) {
        <p class="row chosen">
          <span class="strong num" role="status">{{ 'sessions.chosen' | transloco: { n: chosen().length } }}</span>
          <afpi-dossiers [trainings]="chosen()" />
          <button type="button" class="btn btn-quiet btn-s" (click)="choice.set(none)">
            {{ 'sessions.chooseNone' | transloco }}
          </button>
        </p>
      }
      <afpi-paged-table [list]="list">
        <table class="table cards" [attr.aria-label]="'nav.sessions' | transloco">
          <thead>
            <tr [afpiHeads]="columns" [sort]="filters.values().tri" (sortChange)="filters.set({ tri: $event })">
              <th scope="col" class="pick">
                <label
                  ><input
                    type="checkbox"
                    [attr.aria-label]="'sessions.chooseAll' | transloco"
                    [checked]="allChosen()"
                    (change)="chooseAll($any($event.target).checked)"
                /></label>
              </th>
              <th afpiSort="title" [sort]="filters.values().tri" (sortChange)="filters.set({ tri: $event })">
                {{ 'sessions.title' | transloco }}
              </th>
            </tr>
          </thead>
          <tbody>
            @for (item of list.items(); track item.id) {
              <tr>
                <td class="pick">
                  <label
                    ><input
                      type="checkbox"
                      [attr.aria-label]="'sessions.choose' | transloco: { name: item.numero }"
                      [checked]="choice().has(item.id)"
                      (change)="choose(item.id, $any($event.target).checked)"
                  /></label>
                </td>
                <td class="main">
                  <a [routerLink]="['/sessions', item.id]" class="name">{{ item.title }}</a>
                  <span class="muted small numero">{{ item.numero }}</span>
                </td>
                @for (column of columns.shown(); track column.id) {
                  @switch (column.id) {
                    @case ('firstDay') {
                      <td [attr.data-label]="column.label">
                        @if (item.firstDay) {
                          <span
                            >{{ item.firstDay | day }}
                            @if (item.lastDay !== item.firstDay) {
                              {{ 'sessions.until' | transloco }} {{ item.lastDay | day }}
                            }
                          </span>
                        } @else {
                          <span class="muted">—</span>
                        }
                      </td>
                    }
                    @case ('formateurs') {
                      <td [attr.data-label]="column.label">{{ item.formateurs.join(', ') || '—' }}</td>
                    }
                    @case ('stagiaires') {
                      <td class="right num" [attr.data-label]="column.label">
                        {{ item.stagiaires }}{{ item.capacityMax ? ' / ' + item.capacityMax : '' }}
                      </td>
                    }
                    @case ('localisationId') {
                      <td [attr.data-label]="column.label">{{ item.localisation.name }}</td>
                    }
                    @case ('status') {
                      <td [attr.data-label]="column.label">
                        <afpi-session-status [status]="item.status" />
                      </td>
                    }
                    @default {
                      @if (column.field; as field) {
                        <td [afpiCell]="field" [item]="item"></td>
                      }
                    }
                  }
                }
              </tr>
            }
          </tbody>
        </table>
        <afpi-empty icon="calendar" [title]="'sessions.none' | transloco" [text]="'sessions.noneText' | transloco" />
      </afpi-paged-table>
    </div>
  `,
  styles: `
    .name {
      font-weight: 600;
    }
    .numero {
      display: block;
    }
    .chosen {
      align-items: center;
      margin: 0 0 10px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SessionList {
  readonly #client = inject(SessionClient);
  readonly #dialog = inject(Dialog);
  readonly #router = inject(Router);
  readonly #site = inject(Site);
  protected readonly columns = listColumns(
    'session',
    ['numero', 'title'],
    [
      { id: 'firstDay', label: 'sessions.dates', first: true },
      { id: 'formateurs', label: 'sessions.trainers', first: true },
      { id: 'stagiaires', label: 'sessions.people', first: true, right: true },
      { id: 'localisationId', label: 'sessions.site', first: true },
      { id: 'status', label: 'sessions.status', first: true },
    ],
  );
  protected readonly filters = queryState({ q: '', status: '', from: '', tri: '' });
  protected readonly choices = signal<Filter[]>([
    {
      name: 'status',
      label: 'sessions.status',
      any: 'sessions.anyStatus',
      options: STATUSES.map((status) => ({ value: status, label: 'sessions.statuses.' + status })),
    },
    { name: 'from', label: 'sessions.from', day: true },
  ]);
  protected readonly wanted = computed(() => {
    const { q, status, from } = this.filters.values();
    return {
      ...this.#site.filter(),
      ...(q ? { q } : {}),
      ...(from ? { from } : {}),
      ...(status ? { status: status as SessionStatus } : {}),
    };
  });
  protected readonly list = new PagedList(
    computed(() => {
      const { tri } = this.filters.values();
      return { ...this.wanted(), ...(tri ? { sort: tri as ListSessions$Params['sort'] } : {}), limit: 50 };
    }),
    (params) => this.#client.list(params),
  );

  protected readonly none: ReadonlySet<string> = new Set();
  /** The ids of the chosen sessions. They stay chosen on other pages and under other filters. */
  protected readonly choice = signal(this.none);
  protected readonly chosen = computed(() => [...this.choice()].map((id) => ({ kind: 'sessions' as const, id })));
  protected readonly allChosen = computed(() => {
    const items = this.list.items();
    return items.length > 0 && items.every(({ id }) => this.choice().has(id));
  });

  constructor() {
    inject(Undo).afterwards(() => this.list.reload());
  }

  protected choose(id: string, on: boolean): void {
    this.#change([id], on);
  }
  protected chooseAll(on: boolean): void {
    this.#change(
      this.list.items().map(({ id }) => id),
      on,
    );
  }
  #change(ids: string[], on: boolean): void {
    this.choice.update((before) => {
      const now = new Set(before);
      for (const id of ids) {
        if (on) now.add(id);
        else now.delete(id);
      }
      return now;
    });
  }

  protected async create(): Promise<void> {
    const ref = this.#dialog.open<SessionRecord | null>(SessionDialog, {
      data: null,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'session-title',
    });
    const made = await firstValueFrom(ref.closed);
    if (made) await this.#router.navigate(['/sessions', made.id]);
  }
}
