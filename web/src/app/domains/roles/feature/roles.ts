/** Who may do what: a matrix of actions and roles. Administrators give and take with a click, and take that back. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listRoles } from '../../../api/fn/roles/list-roles';
import { updateRole } from '../../../api/fn/roles/update-role';
import { Permission } from '../../../api/models/permission';
import { RoleRecord } from '../../../api/models/role-record';
import { Session } from '../../../shared/auth/session';
import { Problems } from '../../../shared/http/problem';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';

@Component({
  imports: [Failed, Icon, Loading, TranslocoPipe, TxtPipe],
  template: `
    <div class="page">
      <header class="page-head">
        <h1>{{ 'nav.roles' | transloco }}</h1>
      </header>
      <p class="muted">{{ (editable() ? 'roles.introEdit' : 'roles.intro') | transloco }}</p>
      @if (roles.error(); as error) {
        <afpi-failed [error]="error" (retry)="roles.reload()" />
      } @else if (roles.value(); as list) {
        <div class="card matrix" role="region" tabindex="0" [attr.aria-label]="'nav.roles' | transloco">
          <table class="table" [attr.aria-label]="'nav.roles' | transloco">
            <thead>
              <tr>
                <th scope="col">{{ 'roles.action' | transloco }}</th>
                @for (role of list; track role.id) {
                  <th scope="col">{{ role.name | txt }}</th>
                }
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">{{ 'roles.reach' | transloco }}</th>
                @for (role of list; track role.id) {
                  <td class="small">{{ 'roles.reaches.' + role.reach | transloco }}</td>
                }
              </tr>
              @for (action of actions(); track action) {
                <tr>
                  <th scope="row">{{ 'roles.actions.' + key(action) | transloco }}</th>
                  @for (role of list; track role.id) {
                    <td>
                      @if (editable() && role.id !== 'admin' && role.grantable.includes(action)) {
                        <input
                          type="checkbox"
                          [checked]="role.actions.includes(action)"
                          [disabled]="busy()"
                          [attr.aria-label]="('roles.actions.' + key(action) | transloco) + ' : ' + (role.name | txt)"
                          (change)="set(role, action, !role.actions.includes(action))"
                        />
                      } @else if (role.actions.includes(action)) {
                        <afpi-icon name="check" [size]="16" /><span class="sr-only">{{ 'roles.yes' | transloco }}</span>
                      } @else {
                        <span aria-hidden="true" class="muted">–</span
                        ><span class="sr-only">{{ 'roles.no' | transloco }}</span>
                      }
                    </td>
                  }
                </tr>
              }
            </tbody>
          </table>
        </div>
      } @else {
        <section class="card"><afpi-loading [rows]="8" /></section>
      }
    </div>
  `,
  styles: `
    .matrix {
      position: relative;
      overflow-x: auto;
    }
    .matrix tbody th {
      position: sticky;
      left: 0;
      min-width: 150px;
      background: var(--surface);
      font-weight: 500;
      text-align: start;
    }
    .matrix td,
    .matrix thead th:not(:first-child) {
      text-align: center;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Roles {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #session = inject(Session);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly roles = resource({ loader: async () => (await this.#api.invoke(listRoles)).data });
  protected readonly busy = signal(false);
  protected readonly editable = computed(() => this.#session.can('roles:write'));
  /** All there are: the administrator can be given each. */
  protected readonly actions = computed<readonly Permission[]>(() => {
    const roles = this.roles.hasValue() ? this.roles.value() : [];
    return roles.find(({ id }) => id === 'admin')?.grantable ?? [];
  });

  protected key(action: Permission): string {
    return action.replace(':', '_');
  }

  protected async set({ id }: Pick<RoleRecord, 'id'>, action: Permission, given: boolean): Promise<void> {
    const role = this.roles.hasValue() ? this.roles.value().find((known) => known.id === id) : undefined;
    if (!role) return;
    const others = role.actions.filter((other) => other !== action);
    this.busy.set(true);
    try {
      await this.#api.invoke(updateRole, {
        id,
        'If-Match': `"${role.version}"`,
        body: { actions: given ? [...others, action] : others },
      });
      const done = this.#transloco.translate(given ? 'roles.given' : 'roles.taken');
      this.#toasts.undoable(done, () => this.set({ id }, action, !given));
    } catch (error) {
      this.#problems.report(error);
    }
    this.roles.reload();
    this.busy.set(false);
  }
}
