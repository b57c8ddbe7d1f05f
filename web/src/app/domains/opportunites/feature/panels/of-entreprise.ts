/** The opportunités of a company, on its page. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../../api/api';
import { listEntrepriseOpportunites } from '../../../../api/fn/entreprises/list-entreprise-opportunites';
import { Entreprise } from '../../../../api/models/entreprise';
import { Can } from '../../../../shared/auth/can';
import { PagedList } from '../../../../shared/http/paged-list';
import { Format, MoneyPipe } from '../../../../shared/i18n/pipes';
import { PanelContent, PanelFrame } from '../../../../shared/panels/panels';
import { Icon } from '../../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../../shared/ui/states';
import { AgeBadge } from '../../public/age-badge';
import { StatusChip } from '../../public/status-chip';

@Component({
  imports: [AgeBadge, Can, Empty, Failed, Icon, Loading, MoneyPipe, RouterLink, StatusChip, TranslocoPipe],
  template: `
    @if (deals.error(); as error) {
      <div class="card-body"><afpi-failed [error]="error" (retry)="deals.reload()" /></div>
    } @else if (deals.busy() === 'first') {
      <afpi-loading [rows]="4" />
    } @else {
      <ul class="list">
        @for (item of deals.items(); track item.id) {
          <li>
            <a class="deal" [routerLink]="['/opportunites', item.id]">
              <span class="stack-s"
                ><span class="strong">{{ item.title }}</span
                ><span class="row"
                  ><span class="muted small">{{ item.numero }} · {{ item.commercial.name }}</span
                  ><afpi-status-chip [status]="item.status" [section]="item.section" [outcome]="item.outcome" /></span
              ></span>
              <span class="side"
                ><span class="strong num">{{ item.amount | money: 'round' }}</span>
                @if (item.outcome === 'open' || item.outcome === 'won') {
                  <afpi-age [since]="item.sectionSince" [late]="item.late" />
                }
              </span>
            </a>
          </li>
        } @empty {
          <li>
            <afpi-empty
              icon="briefcase"
              [title]="'opportunites.ofEntreprise.none' | transloco"
              [text]="'opportunites.ofEntreprise.noneText' | transloco"
              ><a
                *afpiCan="'opportunites:create'"
                class="btn"
                routerLink="/opportunites/nouvelle"
                [queryParams]="{ entreprise: subject().id }"
                ><afpi-icon name="plus" [size]="16" />{{ 'opportunites.create' | transloco }}</a
              ></afpi-empty
            >
          </li>
        }
      </ul>
      @if (deals.hasMore()) {
        <footer class="card-foot">
          <button type="button" class="btn btn-s" (click)="deals.more()">{{ 'common.more' | transloco }}</button>
        </footer>
      }
    }
  `,
  styles: `
    .deal {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 4px 14px;
      padding: 12px 18px;
      color: inherit;
      text-decoration: none;
    }
    .deal:hover {
      background: var(--surface-2);
    }
    .deal .side {
      display: flex;
      flex-direction: column;
      gap: 4px;
      align-items: flex-end;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfEntreprise implements PanelContent<Entreprise> {
  readonly subject = input.required<Entreprise>();
  readonly #api = inject(Api);
  readonly #id = computed(() => this.subject().id);
  protected readonly deals = new PagedList(
    computed(() => ({ id: this.#id() })),
    (params) => this.#api.invoke(listEntrepriseOpportunites, params),
  );

  constructor() {
    const [frame, format] = [inject(PanelFrame), inject(Format)];
    effect(() => {
      frame.badge.set(format.count(this.deals.total()));
    });
  }
}
