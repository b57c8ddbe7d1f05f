/** Trusts a key: its public line, and its level of trust. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { FormControl, NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { addPluginKey } from '../../../api/fn/plugins/add-plugin-key';
import { PluginKey } from '../../../api/models/plugin-key';
import { PluginKeyLevel } from '../../../api/models/plugin-key-level';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { sending } from '../../../shared/forms/sending';
import { ToastStore } from '../../../shared/ui/toast-store';
import { DialogActions } from '../../../shared/ui/dialog-actions';

const LEVELS: readonly PluginKeyLevel[] = ['private', 'partner'];

@Component({
  imports: [DialogActions, ControlState, Field, ReactiveFormsModule, TranslocoPipe],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="key-title">
          {{ key ? ('pluginKeys.trustAgain' | transloco: { name: key.name }) : ('pluginKeys.add' | transloco) }}
        </h2>
      </header>
      <div class="body">
        @if (sending.refusal(); as refusal) {
          <p class="notice notice-bad" role="alert">{{ refusal }}</p>
        }
        <afpi-field
          [label]="'pluginKeys.publicKey' | transloco"
          for="k-line"
          [control]="form.controls.publicKey"
          [hint]="'pluginKeys.publicKeyHint' | transloco"
        >
          <textarea
            id="k-line"
            class="input mono"
            rows="3"
            formControlName="publicKey"
            spellcheck="false"
            autocomplete="off"
            [readonly]="!!key"
          ></textarea>
        </afpi-field>
        <afpi-field
          [label]="'pluginKeys.level' | transloco"
          for="k-level"
          [control]="form.controls.level"
          [hint]="'pluginKeys.levelHint.' + form.controls.level.value | transloco"
          ><select id="k-level" class="input" formControlName="level">
            @for (level of levels; track level) {
              <option [value]="level">{{ 'plugins.level.' + level | transloco }}</option>
            }
          </select></afpi-field
        >
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close(false)"></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class KeyDialog {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  /** A revoked key to be trusted again; `null` for a new one. */
  protected readonly key = inject<PluginKey | null>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly levels = LEVELS;
  protected readonly form = inject(NonNullableFormBuilder).group({
    publicKey: [this.key?.publicKey ?? '', [Validators.required, Validators.maxLength(400)]],
    level: new FormControl<PluginKeyLevel>(this.key?.level === 'partner' ? 'partner' : 'private', {
      nonNullable: true,
    }),
  });
  protected readonly sending = sending(this.form);

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const { publicKey, level } = this.form.getRawValue();
      await this.#api.invoke(addPluginKey, { body: { publicKey: publicKey.trim(), level } });
      this.#toasts.done(this.#transloco.translate('pluginKeys.added'));
      this.ref.close(true);
    });
  }
}
