/** Makes a further role, or gives it another name. It begins with the rights of the one it stands on. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { createRole } from '../../../api/fn/roles/create-role';
import { updateRole } from '../../../api/fn/roles/update-role';
import { RoleRecord } from '../../../api/models/role-record';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { ToastStore } from '../../../shared/ui/toast-store';

export interface RoleQuestion {
  /** The role to rename; none for a new one. */
  role: RoleRecord | null;
  /** What a new one can stand on. */
  builtIn: RoleRecord[];
}

@Component({
  imports: [ControlState, Field, ReactiveFormsModule, Refusal, TranslocoPipe, TxtPipe],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="role-title">{{ (before() ? 'roles.rename' : 'roles.create') | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        @let controls = form.controls;
        <div class="form-grid">
          <afpi-field [label]="'roles.form.fr' | transloco" for="r-fr" [control]="controls.fr"
            ><input id="r-fr" class="input" lang="fr" formControlName="fr" autocomplete="off"
          /></afpi-field>
          <afpi-field [label]="'roles.form.en' | transloco" for="r-en" [control]="controls.en"
            ><input id="r-en" class="input" lang="en" formControlName="en" autocomplete="off"
          /></afpi-field>
        </div>
        @if (!before()) {
          <afpi-field
            [label]="'roles.form.standsOn' | transloco"
            for="r-on"
            [control]="controls.standsOn"
            [hint]="'roles.form.standsOnHint' | transloco"
            ><select id="r-on" class="input" formControlName="standsOn">
              @for (role of asked.builtIn; track role.id) {
                <option [value]="role.id">{{ role.name | txt }}</option>
              }
            </select></afpi-field
          >
        }
      </div>
      <footer>
        <button type="button" class="btn" (click)="ref.close(false)">{{ 'common.cancel' | transloco }}</button><button
          type="submit"
          class="btn btn-primary"
          [disabled]="sending.busy()"
        >
          {{ 'common.save' | transloco }}
        </button>
      </footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RoleDialog {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly asked = inject<RoleQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly before = signal(this.asked.role);
  protected readonly form = inject(NonNullableFormBuilder).group({
    fr: [this.before()?.name.fr ?? '', [Validators.required, Validators.maxLength(80)]],
    en: [this.before()?.name.en ?? '', [Validators.required, Validators.maxLength(80)]],
    standsOn: [this.before()?.standsOn ?? ('commercial' as const)],
  });
  protected readonly sending = sending<RoleRecord>(this.form, {
    overtaken: (now) => this.#overtaken(now),
    label: (field) => this.#transloco.translate(field === 'fr' ? 'roles.form.fr' : 'roles.form.en'),
  });

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const { fr, en, standsOn } = this.form.getRawValue();
      const [name, before] = [{ fr, en }, this.before()];
      if (before) {
        await this.#api.invoke(updateRole, { id: before.id, 'If-Match': `"${before.version}"`, body: { name } });
      } else {
        const actions = this.asked.builtIn.find(({ id }) => id === standsOn)?.actions ?? [];
        await this.#api.invoke(createRole, { body: { name, standsOn, actions } });
      }
      this.#toasts.done(this.#transloco.translate('common.saved'));
      this.ref.close(true);
    });
  }

  #overtaken(now: RoleRecord): Rebased<unknown> {
    const { fr, en } = this.form.getRawValue();
    const after = rebased({ fr, en }, { ...(this.before() ?? now).name }, { ...now.name });
    this.before.set(now);
    this.form.patchValue(after.value);
    return after;
  }
}
