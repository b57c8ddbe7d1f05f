/** Opens the document of an issued piece beside the page, e.g. the PDF of an invoice beside the list of invoices. */
import { Injectable, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Problems } from '../../../shared/http/problem';
import { FileViewer } from '../../../shared/ui/file-viewer';
import { ToastStore } from '../../../shared/ui/toast-store';
import { DocumentClient } from '../data/document-client';

@Injectable({ providedIn: 'root' })
export class PieceDrawer {
  readonly #client = inject(DocumentClient);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #viewer = inject(FileViewer);

  async open(opportunite: string, piece: string): Promise<void> {
    try {
      const found = (await this.#client.issued(opportunite)).find(({ aboutId }) => aboutId === piece);
      if (!found) {
        this.#toasts.show({ tone: 'info', text: this.#transloco.translate('documents.noPdf') });
        return;
      }
      this.#viewer.beside({
        name: `${found.fileName}.pdf`,
        load: () => this.#client.pdf(found),
        save: () => this.#client.save(found),
      });
    } catch (error) {
      this.#problems.report(error);
    }
  }
}
