/** Asks why a finding is as it should be, and accepts it. A refusal is shown in the dialog. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { acceptAnomalie } from '../../../api/fn/anomalies/accept-anomalie';
import { Anomalie } from '../../../api/models/anomalie';
import { Problems } from '../../../shared/http/problem';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { Icon } from '../../../shared/ui/icon';

@Component({
  imports: [DialogActions, Icon, TranslocoPipe, TxtPipe],
  template: `
    <form class="dialog" (submit)="apply($event, reason.value)">
      <header>
        <h2 id="accept-title">{{ 'anomalies.dialog.title' | transloco }}</h2>
      </header>
      <div class="body stack">
        @if (refusal(); as why) {
          <p class="notice notice-bad" role="alert"><afpi-icon name="circle-alert" class="bad" />{{ why }}</p>
        }
        <p>{{ finding.message | txt }}</p>
        <div class="field">
          <label for="accept-reason">{{ 'anomalies.dialog.reason' | transloco }}</label>
          <input #reason id="accept-reason" class="input" required maxlength="300" aria-describedby="accept-hint" />
          <p id="accept-hint" class="hint">{{ 'anomalies.dialog.hint' | transloco }}</p>
        </div>
      </div>
      <footer
        afpiDialogActions
        [busy]="busy()"
        [save]="'anomalies.dialog.apply'"
        (cancelled)="ref.close(false)"
      ></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AcceptDialog {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly finding = inject<Anomalie>(DIALOG_DATA);
  protected readonly busy = signal(false);
  protected readonly refusal = signal('');

  protected async apply(event: Event, said: string): Promise<void> {
    event.preventDefault();
    const reason = said.trim();
    if (this.busy() || !reason) return;
    this.busy.set(true);
    this.refusal.set('');
    try {
      await this.#api.invoke(acceptAnomalie, { id: this.finding.id, body: { reason } });
      this.ref.close(true);
    } catch (error) {
      this.refusal.set(this.#problems.message(error));
    } finally {
      this.busy.set(false);
    }
  }
}
