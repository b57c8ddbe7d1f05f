/** The documents of issued pieces, by the number of the piece. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { listPieces } from '../../../api/fn/pieces/list-pieces';
import { Document } from '../../../api/models/document';
import { IssuedSource } from '../../../shared/schema-form/sources';
import { FileViewer } from '../../../shared/ui/file-viewer';
import { DocumentClient } from './document-client';

@Injectable({ providedIn: 'root' })
export class Issued implements IssuedSource {
  readonly #api = inject(Api);
  readonly #client = inject(DocumentClient);
  readonly #viewer = inject(FileViewer);

  async of(record: string): Promise<ReadonlyMap<string, () => void>> {
    const [pieces, ready] = await Promise.all([
      this.#api.invoke(listPieces, { id: record }),
      this.#client.issued(record),
    ]);
    return new Map(
      pieces.data.flatMap(({ id, number }) => {
        const found = ready.find(({ aboutId }) => aboutId === id);
        return found
          ? [
              [
                number,
                () => {
                  this.#show(found);
                },
              ] as const,
            ]
          : [];
      }),
    );
  }

  #show(document: Document): void {
    this.#viewer.beside({
      name: `${document.fileName}.pdf`,
      load: () => this.#client.pdf(document),
      save: () => this.#client.save(document),
    });
  }
}
