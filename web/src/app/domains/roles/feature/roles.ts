/** Who may do what: a matrix of actions and roles. Administrators change it with a click, which they can undo. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { deleteRole } from '../../../api/fn/roles/delete-role';
import { listRoles } from '../../../api/fn/roles/list-roles';
import { updateRole } from '../../../api/fn/roles/update-role';
import { Permission } from '../../../api/models/permission';
import { Reach } from '../../../api/models/reach';
import { RoleRecord } from '../../../api/models/role-record';
import { RoleUpdate } from '../../../api/models/role-update';
import { Session } from '../../../shared/auth/session';
import { Problems } from '../../../shared/http/problem';
import { Format, TxtPipe } from '../../../shared/i18n/pipes';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { RoleDialog } from './role-dialog';

@Component({
  imports: [Failed, Icon, Loading, TranslocoPipe, TxtPipe],
  template: `
    <div class="page">
      <header class="page-head">
        <h1>{{ 'nav.roles' | transloco }}</h1>
        @if (editable() && roles.hasValue()) {
          <div class="actions">
            <button type="button" class="btn btn-primary" (click)="name(null)">
              <afpi-icon name="plus" [size]="17" />{{ 'roles.create' | transloco }}
            </button>
          </div>
        }
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
                  <th scope="col">
                    {{ role.name | txt }}
                    @if (!role.builtIn) {
                      <span class="muted small of">{{
                        'roles.standsOn' | transloco: { role: ('role.' + role.standsOn | transloco) }
                      }}</span>
                    }
                  </th>
                }
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">{{ 'roles.reach' | transloco }}</th>
                @for (role of list; track role.id) {
                  <td class="small">
                    @if (editable() && role.reaches.length > 1) {
                      <select
                        class="input"
                        [disabled]="busy()"
                        [attr.aria-label]="('roles.reach' | transloco) + ' : ' + (role.name | txt)"
                        (change)="see(role, $any($event.target).value)"
                      >
                        @for (reach of role.reaches; track reach) {
                          <option [value]="reach" [selected]="reach === role.reach">
                            {{ 'roles.reaches.' + reach | transloco }}
                          </option>
                        }
                      </select>
                    } @else {
                      {{ 'roles.reaches.' + role.reach | transloco }}
                    }
                  </td>
                }
              </tr>
              <tr>
                <th scope="row">{{ 'roles.who' | transloco }}</th>
                @for (role of list; track role.id) {
                  <td class="small">
                    {{ 'roles.people' | transloco: { n: role.people } }}
                    @if (editable() && !role.builtIn) {
                      <span class="row-nowrap own">
                        <button
                          type="button"
                          class="btn btn-quiet btn-icon btn-s"
                          [attr.aria-label]="'roles.renameOne' | transloco: { name: (role.name | txt) }"
                          (click)="name(role)"
                        >
                          <afpi-icon name="pencil" [size]="16" />
                        </button>
                        @if (role.people === 0) {
                          <button
                            type="button"
                            class="btn btn-quiet btn-icon btn-s"
                            [attr.aria-label]="'roles.removeOne' | transloco: { name: (role.name | txt) }"
                            (click)="remove(role)"
                          >
                            <afpi-icon name="trash" [size]="16" />
                          </button>
                        }
                      </span>
                    }
                  </td>
                }
              </tr>
              <tr>
                <th scope="row">{{ 'roles.secondFactor' | transloco }}</th>
                @for (role of list; track role.id) {
                  <td>
                    @if (editable()) {
                      <input
                        type="checkbox"
                        [checked]="role.requiresSecondFactor"
                        [disabled]="busy()"
                        [attr.aria-label]="('roles.secondFactor' | transloco) + ' : ' + (role.name | txt)"
                        (change)="demand(role, !role.requiresSecondFactor)"
                      />
                    } @else if (role.requiresSecondFactor) {
                      <afpi-icon name="check" [size]="16" /><span class="sr-only">{{ 'roles.yes' | transloco }}</span>
                    } @else {
                      <span aria-hidden="true" class="muted">–</span
                      ><span class="sr-only">{{ 'roles.no' | transloco }}</span>
                    }
                  </td>
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
    .matrix .of {
      display: block;
      font-weight: 400;
    }
    .matrix .own {
      justify-content: center;
    }
    .matrix select {
      min-width: 130px;
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
  readonly #confirm = inject(Confirm);
  readonly #dialog = inject(Dialog);
  readonly #format = inject(Format);
  readonly #problems = inject(Problems);
  readonly #session = inject(Session);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly roles = resource({ loader: async () => (await this.#api.invoke(listRoles)).data });
  protected readonly busy = signal(false);
  protected readonly editable = computed(() => this.#session.can('roles:write'));
  /** All actions: the administrator can have each. */
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
    await this.#change(
      role,
      { actions: given ? [...others, action] : others },
      given ? 'roles.given' : 'roles.taken',
      () => this.set({ id }, action, !given),
    );
  }

  /** How far its people see. What a narrower view takes away comes back with the actions of before. */
  protected async see({ id }: Pick<RoleRecord, 'id'>, reach: Reach, actions?: Permission[]): Promise<void> {
    const role = this.roles.hasValue() ? this.roles.value().find((known) => known.id === id) : undefined;
    if (!role) return;
    const body = { reach, ...(actions ? { actions } : {}) };
    await this.#change(role, body, 'common.saved', () => this.see({ id }, role.reach, role.actions));
  }

  /** Whether its people need a second factor. It counts at once: they are led to set it up. */
  protected async demand({ id }: Pick<RoleRecord, 'id'>, requiresSecondFactor: boolean): Promise<void> {
    const role = this.roles.hasValue() ? this.roles.value().find((known) => known.id === id) : undefined;
    if (!role) return;
    const back = (): Promise<void> => this.demand({ id }, !requiresSecondFactor);
    await this.#change(role, { requiresSecondFactor }, 'common.saved', back);
  }

  async #change(role: RoleRecord, body: RoleUpdate, done: string, back: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    try {
      await this.#api.invoke(updateRole, { id: role.id, 'If-Match': `"${role.version}"`, body });
      this.#toasts.undoable(this.#transloco.translate(done), back);
    } catch (error) {
      this.#problems.report(error);
    }
    this.roles.reload();
    this.busy.set(false);
  }

  protected async name(role: RoleRecord | null): Promise<void> {
    const builtIn = (this.roles.hasValue() ? this.roles.value() : []).filter(
      (one) => one.builtIn && one.id !== 'admin',
    );
    const ref = this.#dialog.open<boolean>(RoleDialog, {
      data: { role, builtIn },
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'role-title',
    });
    await firstValueFrom(ref.closed);
    this.roles.reload();
  }

  protected async remove({ id, name }: RoleRecord): Promise<void> {
    const say = (key: string): string => this.#transloco.translate(key);
    const yes = this.#transloco.translate('roles.removeOne', { name: this.#format.text(name) });
    if (!(await this.#confirm.ask({ title: say('roles.remove'), body: say('roles.removeText'), yes, danger: true })))
      return;
    try {
      await this.#api.invoke(deleteRole, { id });
      this.#toasts.done(say('roles.removed'));
    } catch (error) {
      this.#problems.report(error);
    }
    this.roles.reload();
  }
}
