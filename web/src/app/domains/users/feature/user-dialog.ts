/** Creates a user, who is then invited, or changes one. The server refuses what a manager may not do (higher roles, other sites) at its field. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { FormControl, NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listRoles } from '../../../api/fn/roles/list-roles';
import { createUser } from '../../../api/fn/users/create-user';
import { listCommerciaux } from '../../../api/fn/opportunites/list-commerciaux';
import { updateUser } from '../../../api/fn/users/update-user';
import { Language } from '../../../api/models/language';
import { User } from '../../../api/models/user';
import { UserUpdate } from '../../../api/models/user-update';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { ControlState } from '../../../shared/forms/control-state';
import { email } from '../../../shared/forms/email';
import { Field } from '../../../shared/forms/field';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { Left, Successor, leftBehind } from '../../opportunites/public/successor';
import { Undo } from '../../../shared/forms/undo';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { ToastStore } from '../../../shared/ui/toast-store';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { Icon } from '../../../shared/ui/icon';

const SHORTEST_PASSWORD = 12;
/** Fields that somebody else may have changed, with their text keys. */
const FIELDS: Record<string, string> = {
  name: 'users.name',
  roleId: 'users.role',
  sites: 'users.sites',
  active: 'users.state',
};

@Component({
  imports: [DialogActions, ControlState, Field, Icon, ReactiveFormsModule, Refusal, Successor, TranslocoPipe, TxtPipe],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="user-title">{{ (user() ? 'users.edit' : 'users.create') | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        @let controls = form.controls;
        @if (user(); as known) {
          <p class="muted">{{ known.email }}</p>
        } @else {
          <afpi-field [label]="'login.email' | transloco" for="u-email" [control]="controls.email"
            ><input
              id="u-email"
              class="input"
              inputmode="email"
              autocapitalize="none"
              spellcheck="false"
              formControlName="email"
              autocomplete="off"
          /></afpi-field>
        }
        <div class="form-grid">
          <afpi-field [label]="'users.name' | transloco" for="u-name" [control]="controls.name"
            ><input id="u-name" class="input" formControlName="name" autocomplete="off"
          /></afpi-field>
          <afpi-field [label]="'users.role' | transloco" for="u-role" [control]="controls.roleId"
            ><select id="u-role" class="input" formControlName="roleId">
              @for (role of roles.value() ?? []; track role.id) {
                <option [value]="role.id" [selected]="role.id === controls.roleId.value">{{ role.name | txt }}</option>
              }
            </select></afpi-field
          >
        </div>
        @if (needsSites()) {
          <fieldset>
            <legend class="field-label">{{ 'users.sites' | transloco }}</legend>
            <div class="sites">
              @for (option of site.mine(); track option.id) {
                <label class="check"
                  ><input type="checkbox" [checked]="chosen().has(option.id)" (change)="toggle(option.id)" />{{
                    option.name
                  }}</label
                >
              }
            </div>
            @if (siteError()) {
              <p class="field-error" role="alert">{{ siteError() }}</p>
            }
          </fieldset>
        }
        @if (!user()) {
          <afpi-field [label]="'users.language' | transloco" for="u-locale" [control]="controls.locale"
            ><select id="u-locale" class="input" formControlName="locale">
              <option value="fr" lang="fr">Français</option>
              <option value="en" lang="en">English</option>
            </select></afpi-field
          >
          <p class="notice">
            <afpi-icon name="mail" />{{ (letters ? 'users.willBeInvited' : 'users.willGetLink') | transloco }}
          </p>
        } @else if (!user()?.invited) {
          <afpi-field
            [label]="'users.newPassword' | transloco"
            for="u-password"
            [control]="controls.password"
            [hint]="'users.passwordKeep' | transloco: { n: shortest }"
          >
            <input
              id="u-password"
              class="input"
              type="password"
              formControlName="password"
              autocomplete="new-password"
            />
          </afpi-field>
        }
        @if (user() && !self) {
          <label class="check"
            ><input type="checkbox" formControlName="active" />{{ 'users.activeLabel' | transloco }}</label
          >
        }
        @if (left(); as files) {
          <afpi-successor [left]="files" [people]="heirs.value() ?? []" [(successor)]="successor" />
        }
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close()"></footer>
    </form>
  `,
  styles: `
    .sites {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
      gap: 4px 12px;
      padding-top: 6px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class UserDialog {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #undo = inject(Undo);
  readonly #transloco = inject(TranslocoService);
  protected readonly site = inject(Site);
  /** The user as last read; `null` for a new one. */
  protected readonly user = signal(inject<User | null>(DIALOG_DATA));
  protected readonly ref = inject<DialogRef<User>>(DialogRef);
  readonly #me = inject(Session).me();
  /** Users cannot deactivate or demote themselves. */
  protected readonly self = this.user()?.id === this.#me?.id;
  /** Where no letters are sent, the link is handed over. */
  protected readonly letters = this.#me?.letters ?? false;
  protected readonly roles = resource({ loader: async () => (await this.#api.invoke(listRoles)).data });
  protected readonly shortest = SHORTEST_PASSWORD;
  protected readonly siteError = signal('');
  /** Files that the change would leave without an owner, after the server has reported them. */
  protected readonly left = signal<Left | null>(null);
  protected readonly successor = signal('');
  protected readonly heirs = resource({
    params: () => (this.left() ? {} : undefined),
    loader: async () => (await this.#api.invoke(listCommerciaux, {})).data.filter(({ id }) => id !== this.user()?.id),
  });
  protected readonly chosen = signal(new Set(sitesOf(this.user())));
  protected readonly form = inject(NonNullableFormBuilder).group({
    email: [this.user()?.email ?? '', [Validators.required, email]],
    name: [this.user()?.name ?? '', [Validators.required, Validators.maxLength(120)]],
    roleId: new FormControl({ value: this.user()?.roleId ?? 'commercial', disabled: this.self }, { nonNullable: true }),
    locale: new FormControl<Language>('fr', { nonNullable: true }),
    password: ['', Validators.minLength(SHORTEST_PASSWORD)],
    active: [this.user()?.active ?? true],
  });
  protected readonly sending = sending<User>(this.form, {
    overtaken: (now) => this.#overtaken(now),
    label: (field) => this.#transloco.translate(FIELDS[field] ?? ''),
  });
  readonly #role = toSignal(this.form.controls.roleId.valueChanges, {
    initialValue: this.form.controls.roleId.value,
  });
  /** Who sees the whole network needs none. */
  protected readonly needsSites = computed(() => {
    const roles = this.roles.hasValue() ? this.roles.value() : [];
    return roles.find(({ id }) => id === this.#role())?.reach !== 'network';
  });

  protected toggle(id: string): void {
    const chosen = new Set(this.chosen());
    if (!chosen.delete(id)) chosen.add(id);
    this.chosen.set(chosen);
    this.form.markAsDirty();
    this.siteError.set('');
  }

  protected save(): Promise<void> {
    const localisationIds = this.needsSites() ? [...this.chosen()] : [];
    if (this.needsSites() && localisationIds.length === 0)
      this.siteError.set(this.#transloco.translate('users.siteRequired'));
    return this.sending.run(
      async () => {
        const { email, name, roleId, locale, password, active } = this.form.getRawValue();
        const user = this.user();
        if (user) {
          const body: UserUpdate = {
            name,
            localisationIds,
            ...(password ? { password } : {}),
            ...(this.self ? {} : { roleId, active }),
            ...(this.left() && this.successor() ? { successorId: this.successor() } : {}),
          };
          const saved = await this.#change(user, body).catch((error: unknown) => {
            this.left.set(leftBehind(error) ?? this.left());
            throw error;
          });
          // An undo does not restore a password, or files that went to somebody else.
          if (password || this.left()) this.#toasts.done(this.#transloco.translate('common.saved'));
          else
            this.#undo.saved(() =>
              this.#change(saved, {
                name: user.name,
                localisationIds: sitesOf(user),
                ...(this.self ? {} : { roleId: user.roleId, active: user.active }),
              }),
            );
        } else {
          const made = await this.#api.invoke(createUser, {
            body: { email: email.trim(), name, roleId, localisationIds, locale },
          });
          this.ref.close(made);
          return;
        }
        this.ref.close();
      },
      () => !this.siteError(),
    );
  }

  #change({ id, version }: User, body: UserUpdate): Promise<User> {
    return this.#api.invoke(updateUser, { id, 'If-Match': `"${version}"`, body });
  }

  #overtaken(now: User): Rebased<unknown> {
    const { name, roleId, active } = this.form.getRawValue();
    const after = rebased(
      { name, roleId, active, sites: [...this.chosen()].sort() },
      fieldsOf(this.user() ?? now),
      fieldsOf(now),
    );
    const { sites, ...controls } = after.value;
    this.user.set(now);
    this.form.patchValue(controls);
    this.chosen.set(new Set(sites));
    return after;
  }
}

function sitesOf(user: User | null): string[] {
  return user?.localisations.map(({ id }) => id).sort() ?? [];
}
function fieldsOf(user: User): { name: string; roleId: string; active: boolean; sites: string[] } {
  return { name: user.name, roleId: user.roleId, active: user.active, sites: sitesOf(user) };
}
