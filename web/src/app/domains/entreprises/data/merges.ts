/** Merges companies and takes merges back: the toast of a merge undoes it. */
import { Injectable, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { undoFusion } from '../../../api/fn/entreprises/undo-fusion';
import { Problems } from '../../../shared/http/problem';
import { ToastStore } from '../../../shared/ui/toast-store';

/** A merge, with what people call both sides. */
export interface Merge {
  id: string;
  survivor: { id: string; name: string };
  absorbed: string;
}

@Injectable({ providedIn: 'root' })
export class Merges {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #problems = inject(Problems);
  readonly #transloco = inject(TranslocoService);

  /** Reports a merge. `after` runs when it was taken back. */
  made({ id, survivor, absorbed }: Merge, after: () => unknown): void {
    const text = this.#transloco.translate('doublons.merged', { absorbed, survivor: survivor.name });
    this.#toasts.undoable(text, () => this.takeBack(survivor.id, id, after));
  }

  async takeBack(survivor: string, fusion: string, after: () => unknown): Promise<void> {
    try {
      const { left } = await this.#api.invoke(undoFusion, { id: survivor, fusion });
      const details = left.map(({ kind, label }) => this.#transloco.translate(`doublons.left.${kind}`, { label }));
      const text = this.#transloco.translate(left.length ? 'doublons.undoneBut' : 'doublons.undone');
      this.#toasts.show({ tone: 'good', text, details });
    } catch (error) {
      this.#problems.report(error);
    }
    after();
  }
}
