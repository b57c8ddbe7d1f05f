/** Puts records into the bin and takes them out: the toast of one undoes it. */
import { Injectable, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { binRecord } from '../../../api/fn/corbeille/bin-record';
import { restoreRecord } from '../../../api/fn/corbeille/restore-record';
import { CorbeilleItem } from '../../../api/models/corbeille-item';
import { CorbeilleKind } from '../../../api/models/corbeille-kind';
import { Problems } from '../../../shared/http/problem';
import { ToastStore } from '../../../shared/ui/toast-store';

/** A record that can go into the bin. */
export interface Binnable {
  kind: CorbeilleKind;
  id: string;
  version: number;
  label: string;
}

type Found = Pick<CorbeilleItem, 'kind' | 'id' | 'label'>;

@Injectable({ providedIn: 'root' })
export class Bin {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #problems = inject(Problems);
  readonly #transloco = inject(TranslocoService);

  /** Throws what the server refuses. `after` runs when it was restored from the toast. */
  async put({ kind, id, version, label }: Binnable, reason: string, after: () => unknown): Promise<void> {
    await this.#api.invoke(binRecord, { kind, id, 'If-Match': `"${version}"`, body: { reason } });
    this.#toasts.undoable(this.#transloco.translate('corbeille.binned', { label }), async () => {
      if (await this.restore([{ kind, id, label }])) after();
    });
  }

  /** Restores these records, one after the other. Returns whether at least one came back. */
  async restore(items: readonly Found[]): Promise<boolean> {
    const failed: string[] = [];
    // A company comes back before its opportunités.
    const ordered = [...items].sort((one, other) => one.kind.localeCompare(other.kind));
    for (const { kind, id, label } of ordered) {
      try {
        await this.#api.invoke(restoreRecord, { kind, id });
      } catch (error) {
        if (items.length === 1) {
          this.#problems.report(error);
          return false;
        }
        failed.push(`${label} — ${this.#problems.message(error)}`);
      }
    }
    const n = items.length - failed.length;
    if (failed.length) {
      const text = this.#transloco.translate('corbeille.restoredSome', { n, failed: failed.length });
      this.#toasts.show({ tone: 'bad', text, details: failed });
    } else if (items.length === 1) {
      this.#toasts.done(this.#transloco.translate('corbeille.restored', { label: items[0]?.label }));
    } else {
      this.#toasts.done(this.#transloco.translate('corbeille.restoredMany', { n }));
    }
    return n > 0;
  }
}
