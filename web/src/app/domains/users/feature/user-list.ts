/** The users, their roles and their sites. */
import { ChangeDetectionStrategy, Component, computed, inject, resource } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { listRoles } from '../../../api/fn/roles/list-roles';
import { inviteUser } from '../../../api/fn/users/invite-user';
import { ListUsers$Params, listUsers } from '../../../api/fn/users/list-users';
import { resetSecondFactor } from '../../../api/fn/users/reset-second-factor';
import { User } from '../../../api/models/user';
import { Can } from '../../../shared/auth/can';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { ColumnChoice } from '../../../shared/columns/column-choice';
import { ColumnHeads } from '../../../shared/columns/column-heads';
import { listColumns } from '../../../shared/columns/columns';
import { DescribedCell } from '../../../shared/columns/described-cell';
import { Undo } from '../../../shared/forms/undo';
import { Problems } from '../../../shared/http/problem';
import { PagedList } from '../../../shared/http/paged-list';
import { AgoPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Avatar } from '../../../shared/ui/avatar';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { PagedTable } from '../../../shared/ui/paged-table';
import { Filter } from '../../../shared/ui/filter';
import { queryState } from '../../../shared/ui/query-state';
import { SortHeader } from '../../../shared/ui/sort-header';
import { Empty } from '../../../shared/ui/states';
import { ListHead } from '../../../shared/ui/list-head';
import { ToastStore } from '../../../shared/ui/toast-store';
import { UserAbsence } from '../../account/public/user-absence';
import { ListBar } from '../../vues/public/list-bar';
import { UserAccess } from '../../roles/public/user-access';
import { Handed, InvitationDialog } from './invitation-dialog';
import { UserDialog } from './user-dialog';

@Component({
  imports: [
    ColumnChoice,
    ColumnHeads,
    DescribedCell,
    SortHeader,
    ListBar,
    ListHead,
    AgoPipe,
    Avatar,
    Can,
    Empty,
    Icon,
    PagedTable,
    TranslocoPipe,
    TxtPipe,
  ],
  templateUrl: './user-list.html',
  styles: `
    .tight,
    .tools {
      gap: 0;
    }
    .tools {
      justify-content: flex-end;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class UserList {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #site = inject(Site);
  readonly #confirm = inject(Confirm);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly absence = inject(UserAbsence);
  protected readonly access = inject(UserAccess);
  protected readonly me = inject(Session).me()?.id;
  protected readonly roles = resource({ loader: async () => (await this.#api.invoke(listRoles)).data });
  protected readonly columns = listColumns(
    'user',
    ['name', 'email', 'roleId', 'active'],
    [
      { id: 'role', label: 'users.role', first: true },
      { id: 'localisations', label: 'users.sites', first: true },
      { id: 'lastLoginAt', label: 'users.lastLogin', first: true },
      { id: 'state', label: 'users.state', first: true },
    ],
  );
  protected readonly filters = queryState({ q: '', role: '', actif: 'true', tri: 'name' });
  protected readonly choices = computed<Filter[]>(() => [
    {
      name: 'role',
      label: 'users.role',
      any: 'users.allRoles',
      options: (this.roles.hasValue() ? this.roles.value() : []).map(({ id, name }) => ({ value: id, text: name })),
    },
    {
      name: 'actif',
      label: 'users.state',
      any: 'users.activeFilter.all',
      options: ['true', 'invited', 'false'].map((value) => ({ value, label: 'users.activeFilter.' + value })),
    },
  ]);
  protected readonly list = new PagedList(
    computed(() => {
      const { q, role, actif, tri } = this.filters.values();
      return {
        ...this.#site.filter(),
        limit: 50,
        sort: tri as ListUsers$Params['sort'],
        ...(q ? { q } : {}),
        ...(role ? { roleId: role } : {}),
        ...(actif ? { active: actif !== 'false' } : {}),
        ...(actif === 'invited' ? { invited: true } : {}),
      };
    }),
    (params) => this.#api.invoke(listUsers, params),
  );

  constructor() {
    inject(Undo).afterwards(() => this.list.reload());
  }

  protected sites(user: User): string {
    return user.localisations.map(({ name }) => name).join(', ');
  }
  protected invitation({ invitationExpiresAt: until }: User): string {
    return until && new Date(until) > new Date() ? 'users.invited' : 'users.invitationOver';
  }
  /** Sends a link with which the person chooses a password, or shows it where no letters are sent. */
  protected async invite(user: User): Promise<void> {
    try {
      const { link, expiresAt } = await this.#api.invoke(inviteUser, { id: user.id });
      if (link === null) this.#sent(user);
      else {
        const data: Handed = { name: user.name, link, expiresAt };
        const ref = this.#dialog.open(InvitationDialog, {
          data,
          panelClass: 'dialog-panel',
          ariaLabelledBy: 'invitation-title',
        });
        await firstValueFrom(ref.closed);
      }
    } catch (error) {
      this.#problems.report(error);
    }
    await this.list.reload();
  }
  /** For a person who has lost the phone. */
  protected async resetFactor({ id, name }: User): Promise<void> {
    const say = (key: string): string => this.#transloco.translate(key, { name });
    const question = { title: say('users.factor.reset'), body: say('users.factor.resetText'), danger: true };
    if (!(await this.#confirm.ask({ ...question, yes: say('users.factor.yes') }))) return;
    try {
      await this.#api.invoke(resetSecondFactor, { id });
      this.#toasts.done(say('users.factor.done'));
    } catch (error) {
      this.#problems.report(error);
    }
    await this.list.reload();
  }
  #sent({ email }: User): void {
    this.#toasts.done(this.#transloco.translate('users.invitation.sent', { email }));
  }
  protected async edit(user: User | null): Promise<void> {
    const ref = this.#dialog.open<User>(UserDialog, {
      data: user,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'user-title',
    });
    const made = await firstValueFrom(ref.closed);
    if (made?.invitationExpiresAt) this.#sent(made);
    else if (made) await this.invite(made);
    // A cancelled dialog may also have shown that somebody else changed the user.
    await this.list.reload();
  }
}
