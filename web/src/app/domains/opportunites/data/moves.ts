/** Takes a transition: asks what its form wants, calls the server, says what happened. Shared by the record and the board. */
import { Injectable, inject } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Offer } from '../../../api/models/offer';
import { Opportunite } from '../../../api/models/opportunite';
import { Problems } from '../../../shared/http/problem';
import { Format } from '../../../shared/i18n/pipes';
import { fieldsOf } from '../../../shared/schema-form/schema';
import { ToastStore } from '../../../shared/ui/toast-store';
import { TransitionDialog, TransitionQuestion } from '../ui/transition-dialog';
import { OpportuniteClient } from './opportunite-client';
import { WorkflowStore } from './workflow-store';

@Injectable({ providedIn: 'root' })
export class Moves {
  readonly #client = inject(OpportuniteClient);
  readonly #dialog = inject(Dialog);
  readonly #workflows = inject(WorkflowStore);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);

  /** The record afterwards, or `null` when it was called off or refused (which the user has been told). */
  async take(record: Opportunite, offer: Offer): Promise<Opportunite | null> {
    const asks = offer.form ? fieldsOf(offer.form).length > 0 : false;
    const after = asks || offer.direction === 'stop' ? await this.#ask({ record, offer }) : await this.#go(record, offer);
    if (after) await this.#say(after);
    return after;
  }

  async #ask(question: TransitionQuestion): Promise<Opportunite | null> {
    const ref = this.#dialog.open<Opportunite | null>(TransitionDialog, { data: question, panelClass: 'dialog-panel', ariaLabelledBy: 'transition-title' });
    return (await firstValueFrom(ref.closed)) ?? null;
  }

  async #go(record: Opportunite, offer: Offer): Promise<Opportunite | null> {
    try {
      return await this.#client.transition(record, offer.transition, {});
    } catch (error) {
      this.#problems.report(error);
      return null;
    }
  }

  async #say(after: Opportunite): Promise<void> {
    const workflow = await this.#workflows.of(after.localisation.id);
    this.#toasts.done(this.#transloco.translate('moves.done', { numero: after.numero, status: this.#format.text(workflow.statusLabel(after.status)) }));
  }
}
