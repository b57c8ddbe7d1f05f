/**
 * Takes a transition: asks what its form wants, calls the server, says what happened. Shared by the record and the
 * board.
 */
import { Injectable, inject } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Offer } from '../../../api/models/offer';
import { Opportunite } from '../../../api/models/opportunite';
import { newerIn } from '../../../shared/forms/lost-race';
import { Problems } from '../../../shared/http/problem';
import { Format } from '../../../shared/i18n/pipes';
import { fieldsOf } from '../../../shared/schema-form/schema';
import { ToastStore } from '../../../shared/ui/toast-store';
import { TransitionDialog, TransitionQuestion, isOffered } from '../ui/transition-dialog';
import { describeNews } from './describe';
import { OpportuniteClient } from './opportunite-client';
import { WorkflowStore } from './workflow-store';

/** How a move ended: the record as it is now, and whether the move was taken. If not, the user has been told why. */
export interface Moved {
  record: Opportunite;
  taken: boolean;
}

@Injectable({ providedIn: 'root' })
export class Moves {
  readonly #client = inject(OpportuniteClient);
  readonly #dialog = inject(Dialog);
  readonly #workflows = inject(WorkflowStore);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);

  /** Tells the user how it went. The promise never fails. */
  async take(record: Opportunite, offer: Offer): Promise<Moved> {
    let latest = record;
    const overtaken = (now: Opportunite): Promise<string[]> => {
      const seen = latest;
      latest = now;
      return this.#news(seen, now);
    };
    const asks = (offer.form ? fieldsOf(offer.form).length > 0 : false) || offer.direction === 'stop';
    const after = asks ? await this.#ask({ record, offer, overtaken }) : await this.#go({ record, offer, overtaken });
    if (after) {
      const status = this.#format.text(after.statusLabel) || after.status;
      this.#toasts.done(this.#transloco.translate('moves.done', { numero: after.numero, status }));
    } else if (latest !== record && !(asks && isOffered(latest, offer))) {
      // The dialog has told it where the move could still be confirmed.
      const news = await this.#news(record, latest);
      const details = news.length ? [this.#transloco.translate('stale.news', { fields: news.join(', ') })] : [];
      this.#toasts.show({ tone: 'bad', text: this.#transloco.translate('stale.move'), details });
    }
    return { record: after ?? latest, taken: after !== null };
  }

  async #ask(question: TransitionQuestion): Promise<Opportunite | null> {
    const ref = this.#dialog.open<Opportunite | null>(TransitionDialog, { data: question, panelClass: 'dialog-panel', ariaLabelledBy: 'transition-title' });
    return (await firstValueFrom(ref.closed)) ?? null;
  }

  async #go({ record, offer, overtaken }: TransitionQuestion): Promise<Opportunite | null> {
    try {
      return await this.#client.transition(record, offer.transition, {});
    } catch (error) {
      const now = newerIn<Opportunite>(error);
      if (now) await overtaken(now);
      else this.#problems.report(error);
      return null;
    }
  }

  /** In a few words; no workflow at hand is no reason to keep quiet about the rest. */
  async #news(seen: Opportunite, now: Opportunite): Promise<string[]> {
    const workflow = await this.#workflows.of(now).catch(() => undefined);
    return describeNews(seen, now, workflow, this.#format);
  }
}
