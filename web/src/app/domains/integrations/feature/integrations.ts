/** How other programs use the product: keys of the API, and webhooks. */
import { ChangeDetectionStrategy, Component, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';
import { queryState } from '../../../shared/ui/query-state';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { ApiKeys } from './api-keys';
import { Webhooks } from './webhooks';

@Component({
  imports: [ApiKeys, Icon, Tab, Tabs, TranslocoPipe, Webhooks],
  template: `
    @let view = filters.values().vue;
    <div class="page">
      <header class="page-head">
        <div class="stack-s">
          <h1>{{ 'nav.integrations' | transloco }}</h1>
          <p class="muted">{{ 'integrations.lead' | transloco }}</p>
        </div>
        <div class="actions">
          <button type="button" class="btn btn-primary" (click)="create()">
            <afpi-icon name="plus" [size]="17" />{{
              (view === 'webhooks' ? 'webhooks.create' : 'integrations.create') | transloco
            }}
          </button>
        </div>
      </header>
      <div class="tabs" [afpiTabs]="view" panel="integrations-panel" (choose)="filters.set({ vue: $event })">
        @for (name of ['cles', 'webhooks']; track name) {
          <button [afpiTab]="name">{{ 'integrations.tab.' + name | transloco }}</button>
        }
      </div>
      <div id="integrations-panel" role="tabpanel" class="stack" [attr.aria-labelledby]="'tab-' + view">
        @if (view === 'webhooks') {
          <afpi-webhooks />
        } @else {
          <afpi-api-keys />
        }
      </div>
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Integrations {
  protected readonly filters = queryState({ vue: 'cles' });
  private readonly keys = viewChild(ApiKeys);
  private readonly webhooks = viewChild(Webhooks);

  protected create(): void {
    void this.keys()?.create();
    void this.webhooks()?.edit(null);
  }
}
