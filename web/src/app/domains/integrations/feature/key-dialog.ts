/** A new key of the API: what it acts as, what it may use, from where and until when. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { DialogRef } from '@angular/cdk/dialog';
import { FormControl, NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { createApiKey } from '../../../api/fn/api-keys/create-api-key';
import { listRoles } from '../../../api/fn/roles/list-roles';
import { ApiKeyAccess } from '../../../api/models/api-key-access';
import { ApiKeyArea } from '../../../api/models/api-key-area';
import { ApiKeySecret } from '../../../api/models/api-key-secret';
import { Site } from '../../../shared/auth/site';
import { ControlState } from '../../../shared/forms/control-state';
import { DateInput } from '../../../shared/forms/date-input';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { AREAS, Chosen, networksOf, scopesOf } from '../util/areas';
import { inAYear } from '../util/days';

@Component({
  imports: [ControlState, DateInput, DialogActions, Field, ReactiveFormsModule, Refusal, TranslocoPipe, TxtPipe],
  templateUrl: './key-dialog.html',
  styleUrl: './key-dialog.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class KeyDialog {
  readonly #api = inject(Api);
  readonly #transloco = inject(TranslocoService);
  protected readonly site = inject(Site);
  protected readonly ref = inject<DialogRef<ApiKeySecret>>(DialogRef);
  protected readonly areas = AREAS;
  /** Roles that see own files only would see nothing. */
  protected readonly roles = resource({
    loader: async () => (await this.#api.invoke(listRoles)).data.filter(({ reach }) => reach !== 'own'),
  });
  protected readonly chosen = signal<Chosen>({});
  protected readonly sites = signal<ReadonlySet<string>>(new Set());
  /** What lacks beside the form's own fields: keys of texts. */
  protected readonly siteError = signal('');
  protected readonly scopeError = signal('');
  protected readonly form = inject(NonNullableFormBuilder).group({
    name: ['', [Validators.required, Validators.maxLength(80)]],
    roleId: ['', Validators.required],
    networks: [''],
    expiresOn: new FormControl<string | null>(inAYear(new Date())),
  });
  protected readonly sending = sending(this.form);
  readonly #role = toSignal(this.form.controls.roleId.valueChanges, { initialValue: '' });
  /** Who sees the whole network needs none. */
  protected readonly needsSites = computed(() => {
    const roles = this.roles.hasValue() ? this.roles.value() : [];
    return roles.find(({ id }) => id === this.#role())?.reach === 'sites';
  });

  protected give(area: ApiKeyArea, access: ApiKeyAccess | ''): void {
    this.chosen.update(({ [area]: _, ...rest }) => (access ? { ...rest, [area]: access } : rest));
    this.#touched();
  }
  protected giveAll(access: ApiKeyAccess | null): void {
    this.chosen.set(access ? Object.fromEntries(AREAS.map((area) => [area, access])) : {});
    this.#touched();
  }
  protected toggle(id: string): void {
    this.sites.update((before) => {
      const sites = new Set(before);
      if (!sites.delete(id)) sites.add(id);
      return sites;
    });
    this.#touched();
  }
  #touched(): void {
    this.form.markAsDirty();
    this.siteError.set('');
    this.scopeError.set('');
  }

  protected save(): Promise<void> {
    const scopes = scopesOf(this.chosen());
    const localisationIds = this.needsSites() ? [...this.sites()] : [];
    const say = (key: string): string => this.#transloco.translate(key);
    if (this.needsSites() && !localisationIds.length) this.siteError.set(say('integrations.siteRequired'));
    if (!scopes.length) this.scopeError.set(say('integrations.scopesRequired'));
    return this.sending.run(
      async () => {
        const { name, roleId, networks, expiresOn } = this.form.getRawValue();
        const body = { name, roleId, localisationIds, scopes, networks: networksOf(networks), expiresOn };
        this.ref.close(await this.#api.invoke(createApiKey, { body }));
      },
      () => !this.siteError() && !this.scopeError(),
    );
  }
}
