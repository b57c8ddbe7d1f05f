/** Takes a transition: asks for its form, calls the server, reports the result. Shared by the record and the board. */
import { Injectable, inject } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Offer } from '../../../api/models/offer';
import { Opportunite } from '../../../api/models/opportunite';
import { newerIn } from '../../../shared/forms/lost-race';
import { Problems, isProblem } from '../../../shared/http/problem';
import { Format } from '../../../shared/i18n/pipes';
import { JsonObject } from '../../../shared/schema-form/schema';
import { ToastStore } from '../../../shared/ui/toast-store';
import type { TransitionQuestion } from './transition-dialog';
import { describeNews } from '../util/describe';
import { OpportuniteClient } from '../data/opportunite-client';
import { asksFor, isOffered, wayBack, ways } from '../util/way-back';
import { WorkflowStore } from '../data/workflow-store';

/** The result of a move: the present record, and whether the move was made. If not, the user has been told why. */
export interface Moved {
  record: Opportunite;
  taken: boolean;
  /** The reasons by pointer into the documents, if the refusal has any. */
  refused: ReadonlyMap<string, string>;
}

const NOTHING: ReadonlyMap<string, string> = new Map();

@Injectable({ providedIn: 'root' })
export class Moves {
  readonly #client = inject(OpportuniteClient);
  readonly #dialog = inject(Dialog);
  readonly #workflows = inject(WorkflowStore);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);

  /**
   * Reports the result to the user, with undo if possible. `undone` gets the result of the undo; a form begins with
   * the `given` values. The promise never fails.
   */
  async take(
    record: Opportunite,
    offer: Offer,
    undone: (moved: Moved) => unknown = () => undefined,
    given: JsonObject = {},
  ): Promise<Moved> {
    let latest = record;
    const overtaken = (now: Opportunite): Promise<string[]> => {
      const seen = latest;
      latest = now;
      return this.#news(seen, now);
    };
    const asks = asksFor(offer) || offer.direction === 'stop';
    const { after, refused } = asks
      ? { after: await this.#ask({ record, offer, given, overtaken }), refused: NOTHING }
      : await this.#go({ record, offer, overtaken });
    if (after) {
      this.#told(record, offer, after, undone);
    } else if (latest !== record && !(asks && isOffered(latest, offer))) {
      // The dialog has already reported it if the move could still be confirmed.
      const news = await this.#news(record, latest);
      const details = news.length ? [this.#transloco.translate('stale.news', { fields: news.join(', ') })] : [];
      this.#toasts.show({ tone: 'bad', text: this.#transloco.translate('stale.move'), details });
    }
    return { record: after ?? latest, taken: after !== null, refused };
  }

  #told(before: Opportunite, taken: Offer, after: Opportunite, undone: (moved: Moved) => unknown): void {
    const status = this.#format.text(after.statusLabel) || after.status;
    const text = this.#transloco.translate('moves.done', { numero: after.numero, status });
    const told = this.#toasts.done(text);
    if (!ways(taken, after).length) return;
    this.#workflows.of(after).then(
      (workflow) => {
        const back = wayBack(before, taken, after, workflow);
        if (!back || this.#toasts.current() !== told) return;
        this.#toasts.undoable(
          text,
          async () => {
            undone(await this.take(after, back, undone));
          },
          this.#format.text(back.label),
        );
      },
      () => undefined,
    );
  }

  /** The dialog and its forms are loaded when a move asks for something. */
  async #ask(question: TransitionQuestion): Promise<Opportunite | null> {
    const loaded = await import('./transition-dialog').catch((error: unknown) => {
      this.#problems.report(error);
    });
    if (!loaded) return null;
    const { TransitionDialog } = loaded;
    const ref = this.#dialog.open<Opportunite | null>(TransitionDialog, {
      data: question,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'transition-title',
    });
    return (await firstValueFrom(ref.closed)) ?? null;
  }

  async #go({
    record,
    offer,
    overtaken,
  }: TransitionQuestion): Promise<{ after: Opportunite | null; refused: ReadonlyMap<string, string> }> {
    try {
      return { after: await this.#client.transition(record, offer.transition, {}), refused: NOTHING };
    } catch (error) {
      const now = newerIn<Opportunite>(error);
      if (now) await overtaken(now);
      else this.#problems.report(error);
      return { after: null, refused: !now && isProblem(error) ? error.fields : NOTHING };
    }
  }

  /** A short report. Without the workflow the rest is still reported. */
  async #news(seen: Opportunite, now: Opportunite): Promise<string[]> {
    const workflow = await this.#workflows.of(now).catch(() => undefined);
    return describeNews(seen, now, workflow, this.#format);
  }
}
