/** Starts recording on a site: how many of the next calls. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { FormControl, NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { startPluginRecording } from '../../../api/fn/plugins/start-plugin-recording';
import { PluginSiteRecording } from '../../../api/models/plugin-site-recording';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { NumberInput } from '../../../shared/forms/number-input';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { CountPipe } from '../../../shared/i18n/pipes';
import { ToastStore } from '../../../shared/ui/toast-store';
import { DialogActions } from '../../../shared/ui/dialog-actions';

export interface RecordQuestion {
  plugin: string;
  /** The sites to choose from. Their stored calls will be deleted. */
  sites: PluginSiteRecording[];
}

/** The server's limit. */
const MOST_CALLS = 1000;
const USUAL_CALLS = 100;

@Component({
  imports: [DialogActions, ControlState, CountPipe, Field, NumberInput, ReactiveFormsModule, Refusal, TranslocoPipe],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="record-title">{{ 'pluginRecordings.startTitle' | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        <afpi-field [label]="'shell.site' | transloco" for="r-site" [control]="form.controls.site"
          ><select id="r-site" class="input" formControlName="site">
            @for (one of question.sites; track one.localisation.id) {
              <option [value]="one.localisation.id">{{ one.localisation.name }}</option>
            }
          </select></afpi-field
        >
        @if (chosen()?.kept; as n) {
          <p class="notice notice-warn">{{ 'pluginRecordings.replaces' | transloco: { n: (n | count) } }}</p>
        }
        <afpi-field
          [label]="'pluginRecordings.count' | transloco"
          for="r-calls"
          [control]="form.controls.calls"
          [hint]="'pluginRecordings.countHint' | transloco: { max: (most | count) }"
          ><input id="r-calls" class="input" [afpiNumber]="0" formControlName="calls"
        /></afpi-field>
        <p class="muted small">{{ 'pluginRecordings.caution' | transloco }}</p>
      </div>
      <footer
        afpiDialogActions
        [busy]="sending.busy()"
        save="pluginRecordings.start"
        (cancelled)="ref.close(false)"
      ></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RecordDialog {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly question = inject<RecordQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly most = MOST_CALLS;
  protected readonly form = inject(NonNullableFormBuilder).group({
    site: [this.question.sites[0]?.localisation.id ?? '', Validators.required],
    calls: new FormControl<number | null>(USUAL_CALLS, [
      Validators.required,
      Validators.min(1),
      Validators.max(MOST_CALLS),
    ]),
  });
  protected readonly sending = sending(this.form);

  protected chosen(): PluginSiteRecording | undefined {
    return this.question.sites.find(({ localisation }) => localisation.id === this.form.controls.site.value);
  }

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const { site, calls } = this.form.getRawValue();
      if (calls === null) return;
      await this.#api.invoke(startPluginRecording, { id: this.question.plugin, localisationId: site, body: { calls } });
      this.#toasts.done(
        this.#transloco.translate('pluginRecordings.launched', { site: this.chosen()?.localisation.name }),
      );
      this.ref.close(true);
    });
  }
}
