/** Saves a view of a list, or changes its name, its place and who sees it. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listRoles } from '../../../api/fn/roles/list-roles';
import { createVue } from '../../../api/fn/vues/create-vue';
import { updateVue } from '../../../api/fn/vues/update-vue';
import { Vue } from '../../../api/models/vue';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { Density } from '../../../shared/columns/density';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { VueQuestion } from '../util/vue-question';

@Component({
  imports: [ControlState, DialogActions, Field, ReactiveFormsModule, Refusal, TranslocoPipe, TxtPipe],
  templateUrl: './vue-dialog.html',
  styles: `
    fieldset {
      display: grid;
      gap: 8px;
      margin: 0;
      padding: 0;
      border: 0;
    }
    legend {
      padding: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class VueDialog {
  readonly #api = inject(Api);
  readonly #session = inject(Session);
  protected readonly asked = inject<VueQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<Vue>>(DialogRef);
  protected readonly sites = inject(Site).mine;
  protected readonly roles = resource({ loader: async () => (await this.#api.invoke(listRoles)).data });
  protected readonly mayShare = this.#session.can('users:write');
  /** Who sees the network also shares with all sites. */
  protected readonly everywhere = this.#session.me()?.reach === 'network';
  readonly #before = this.asked.vue;
  protected readonly form = new FormGroup({
    name: new FormControl(this.#before?.name ?? '', {
      nonNullable: true,
      validators: [Validators.required, Validators.maxLength(80)],
    }),
    pinned: new FormControl(this.#before?.pinned ?? true, { nonNullable: true }),
    columns: new FormControl(this.#before ? !!this.#before.columns : true, { nonNullable: true }),
    density: new FormControl<Density | ''>(this.#before?.density ?? '', { nonNullable: true }),
    shared: new FormControl(!!this.#before?.sharedWith, { nonNullable: true }),
    roleId: new FormControl(this.#before?.sharedWith?.role?.id ?? '', { nonNullable: true }),
    localisationId: new FormControl(this.#before?.sharedWith?.localisation?.id ?? this.#ownSite(), {
      nonNullable: true,
    }),
  });
  protected readonly shared = toSignal(this.form.controls.shared.valueChanges, {
    initialValue: this.form.controls.shared.value,
  });
  protected readonly sending = sending(this.form);

  protected async save(): Promise<void> {
    await this.sending.run(async () => {
      this.ref.close(await this.#send());
    });
  }

  #send(): Promise<Vue> {
    const { name, pinned, columns, density, shared, roleId, localisationId } = this.form.getRawValue();
    const share = shared ? { roleId: roleId || null, localisationId: localisationId || null } : null;
    const kept = this.#before?.columns ?? this.asked.columns;
    const body = { name, pinned, columns: columns ? kept : null, density: density || null, sharedWith: share };
    const before = this.#before;
    if (before) return this.#api.invoke(updateVue, { id: before.id, 'If-Match': `"${before.version}"`, body });
    return this.#api.invoke(createVue, { body: { ...body, list: this.asked.list, query: this.asked.query } });
  }

  /** Who is tied to sites shares with one of them. */
  #ownSite(): string {
    return this.everywhere ? '' : (this.sites()[0]?.id ?? '');
  }
}
