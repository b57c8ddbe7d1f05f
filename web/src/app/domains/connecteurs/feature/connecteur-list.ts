/** The installed connectors, each with its last run. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listConnecteurs } from '../../../api/fn/connecteurs/list-connecteurs';
import { AgoPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { RunState } from '../ui/run-state';

@Component({
  imports: [AgoPipe, Empty, Failed, Icon, Loading, RouterLink, RunState, TranslocoPipe, TxtPipe],
  template: `
    <div class="page">
      <header class="page-head">
        <div>
          <h1>{{ 'nav.connecteurs' | transloco }}</h1>
          <p class="muted">{{ 'connecteurs.subtitle' | transloco }}</p>
        </div>
      </header>
      @if (list.error(); as error) {
        <afpi-failed [error]="error" (retry)="list.reload()" />
      } @else if (!list.hasValue()) {
        <section class="card"><afpi-loading [rows]="4" /></section>
      } @else {
        <div class="tiles wide">
          @for (item of list.value(); track item.id) {
            <a class="card tile" [routerLink]="['/connecteurs', item.id]">
              <span class="row spread"
                ><span class="row-nowrap"
                  ><span class="disc tone-info"><afpi-icon name="refresh" [size]="20" /></span
                  ><span class="strong name">{{ item.name | txt }}</span></span
                ><span class="chip" [class]="item.enabled ? 'tone-good' : ''">{{
                  (item.enabled ? 'common.active' : 'common.inactive') | transloco
                }}</span></span
              >
              <span class="row muted small"
                ><afpi-icon name="clock" [size]="14" />{{
                  item.schedule?.enabled ? item.schedule?.cron : ('connecteurs.noSchedule' | transloco)
                }}</span
              >
              @if (item.lastRun; as run) {
                <span class="row small"
                  ><afpi-run-state [state]="run.state" /><span class="muted">{{
                    run.finishedAt ?? run.startedAt | ago
                  }}</span></span
                >
              } @else {
                <span class="muted small">{{ 'connecteurs.neverRun' | transloco }}</span>
              }
            </a>
          } @empty {
            <section class="card">
              <afpi-empty
                icon="plug"
                [title]="'connecteurs.none' | transloco"
                [text]="'connecteurs.noneText' | transloco"
              />
            </section>
          }
        </div>
      }
    </div>
  `,
  styles: `
    .tiles.wide {
      grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr));
    }
    .tile {
      display: flex;
      flex-direction: column;
      gap: 12px;
      padding: 18px;
      color: inherit;
      text-decoration: none;
    }
    .tile:hover {
      border-color: var(--primary);
    }
    .name {
      font-size: 16px;
    }
    .disc {
      display: grid;
      place-items: center;
      width: 40px;
      height: 40px;
      border-radius: var(--radius-l);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnecteurList {
  readonly #api = inject(Api);
  protected readonly list = resource({ loader: async () => (await this.#api.invoke(listConnecteurs)).data });
}
