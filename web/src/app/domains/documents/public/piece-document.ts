/** Opens the documents of an issued piece, e.g. the PDF of an invoice. Shows nothing for a piece that has none. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Document } from '../../../api/models/document';
import { Icon } from '../../../shared/ui/icon';
import { FileViewer } from '../../../shared/ui/file-viewer';
import { DocumentClient } from '../data/document-client';

@Component({
  selector: 'afpi-piece-document',
  imports: [Icon, TranslocoPipe],
  template: `
    @for (document of ready(); track document.id) {
      <button type="button" class="btn btn-s" (click)="open(document)">
        <afpi-icon name="file" [size]="15" />{{ document.title }}
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PieceDocument {
  readonly opportunite = input.required<string>();
  readonly piece = input.required<string>();
  readonly #client = inject(DocumentClient);
  readonly #viewer = inject(FileViewer);

  readonly #all = resource({
    params: () => this.opportunite(),
    loader: async ({ params }) => (await this.#client.list(params)).data,
  });
  protected readonly ready = computed((): Document[] =>
    this.#all.hasValue()
      ? this.#all
          .value()
          .filter(({ aboutId, state, latest }) => aboutId === this.piece() && state === 'ready' && latest)
      : [],
  );

  protected open(document: Document): void {
    this.#viewer.show({
      name: `${document.fileName}.pdf`,
      load: () => this.#client.pdf(document),
      save: () => this.#client.save(document),
    });
  }
}
