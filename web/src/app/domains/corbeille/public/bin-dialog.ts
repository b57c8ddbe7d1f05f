/** Asks why a record goes into the bin, and puts it there. A refusal is shown in the dialog. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Problems } from '../../../shared/http/problem';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { Icon } from '../../../shared/ui/icon';
import { Bin, Binnable } from '../data/bin';

/** The record, and what to do when it was restored from the toast. */
export interface BinQuestion {
  record: Binnable;
  restored: () => unknown;
}

@Component({
  imports: [DialogActions, Icon, TranslocoPipe],
  template: `
    <form class="dialog" (submit)="apply($event, reason.value)">
      <header>
        <h2 id="bin-title">{{ 'corbeille.dialog.title' | transloco }}</h2>
      </header>
      <div class="body stack">
        @if (refusal(); as why) {
          <p class="notice notice-bad" role="alert"><afpi-icon name="circle-alert" class="bad" />{{ why }}</p>
        }
        <p>{{ 'corbeille.dialog.body' | transloco: { label: question.record.label } }}</p>
        <div class="field">
          <label for="bin-reason">{{ 'corbeille.dialog.reason' | transloco }}</label>
          <input #reason id="bin-reason" class="input" required maxlength="300" aria-describedby="bin-hint" />
          <p id="bin-hint" class="hint">{{ 'corbeille.dialog.hint' | transloco }}</p>
        </div>
      </div>
      <footer
        afpiDialogActions
        [busy]="busy()"
        [save]="'corbeille.dialog.apply'"
        (cancelled)="ref.close(false)"
      ></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BinDialog {
  readonly #bin = inject(Bin);
  readonly #problems = inject(Problems);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly question = inject<BinQuestion>(DIALOG_DATA);
  protected readonly busy = signal(false);
  protected readonly refusal = signal('');

  protected async apply(event: Event, reason: string): Promise<void> {
    event.preventDefault();
    if (this.busy() || !reason.trim()) return;
    this.busy.set(true);
    this.refusal.set('');
    try {
      await this.#bin.put(this.question.record, reason.trim(), this.question.restored);
      this.ref.close(true);
    } catch (error) {
      this.refusal.set(this.#problems.message(error));
    } finally {
      this.busy.set(false);
    }
  }
}
