/** What somebody may do now, how far he sees, and why: for those who look after people, and for oneself. */
import { ChangeDetectionStrategy, Component, computed, inject, resource } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getUserAccess } from '../../../api/fn/users/get-user-access';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { Failed, Loading } from '../../../shared/ui/states';
import { ActionList } from '../ui/action-list';

export interface Person {
  id: string;
  name: string;
}

@Component({
  imports: [ActionList, Failed, Loading, TranslocoPipe, TxtPipe],
  template: `
    <div class="dialog">
      <header>
        <h2 id="access-title">{{ 'roles.effective.title' | transloco: { name: person.name } }}</h2>
      </header>
      <div class="body stack">
        @if (access.error(); as error) {
          <afpi-failed [error]="error" (retry)="access.reload()" />
        } @else if (access.value(); as said) {
          @if (!said.active) {
            <p class="notice notice-warn">{{ 'roles.effective.inactive' | transloco }}</p>
          }
          <p>
            <span class="strong">{{ said.role.name | txt }}</span>
            @if (said.role.id !== said.role.standsOn) {
              &ngsp;<span class="muted">{{
                'roles.standsOn' | transloco: { role: ('role.' + said.role.standsOn | transloco) }
              }}</span>
            }
          </p>
          <p>
            {{ said.reachReason.message | txt }}
            @if (said.reach !== 'network') {
              &ngsp;<span class="muted">{{ sites() || ('roles.effective.noSite' | transloco) }}</span>
            }
          </p>
          @if (allowed().length > 0) {
            <h3>{{ 'roles.effective.allowed' | transloco: { role: (said.role.name | txt) } }}</h3>
            <afpi-action-list [actions]="allowed()" [reasons]="false" />
          }
          @if (refused().length > 0) {
            <details>
              <summary>{{ 'roles.effective.refused' | transloco: { n: refused().length } }}</summary>
              <afpi-action-list [actions]="refused()" />
            </details>
          }
        } @else {
          <afpi-loading [rows]="6" />
        }
      </div>
      <footer>
        <button type="button" class="btn" (click)="ref.close()">{{ 'common.close' | transloco }}</button>
      </footer>
    </div>
  `,
  styles: `
    summary {
      padding-bottom: 8px;
      cursor: pointer;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class UserAccessDialog {
  readonly #api = inject(Api);
  protected readonly person = inject<Person>(DIALOG_DATA);
  protected readonly ref = inject(DialogRef);
  protected readonly access = resource({ loader: () => this.#api.invoke(getUserAccess, { id: this.person.id }) });
  protected readonly allowed = computed(() => this.#actions(true));
  protected readonly refused = computed(() => this.#actions(false));
  protected readonly sites = computed(() =>
    (this.access.hasValue() ? this.access.value().localisations : []).map(({ name }) => name).join(', '),
  );

  #actions(allowed: boolean) {
    return this.access.hasValue() ? this.access.value().actions.filter((one) => one.allowed === allowed) : [];
  }
}
