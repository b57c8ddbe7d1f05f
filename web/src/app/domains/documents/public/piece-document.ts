/** Opens the documents of an issued piece, e.g. the PDF of an invoice. Shows nothing for a piece that has none. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Document } from '../../../api/models/document';
import { DocumentKind } from '../../../api/models/document-kind';
import { pollWhile } from '../../../shared/http/poll';
import { Icon } from '../../../shared/ui/icon';
import { FileViewer } from '../../../shared/ui/file-viewer';
import { DocumentClient } from '../data/document-client';
import { SendingStatus, underWay } from '../ui/sending-status';
import { askToSend } from './send-dialog';

@Component({
  selector: 'afpi-piece-document',
  imports: [Icon, SendingStatus, TranslocoPipe],
  template: `
    @for (document of ready(); track document.id) {
      <button type="button" class="btn btn-s" (click)="open(document)">
        <afpi-icon name="file" [size]="15" />{{ document.title }}
      </button>
      @if (mayMake(document)) {
        <button
          type="button"
          class="btn btn-s"
          [attr.aria-label]="'documents.sendNamed' | transloco: { name: document.title }"
          (click)="send(document)"
        >
          <afpi-icon name="mail" [size]="15" />{{ 'documents.send' | transloco }}
        </button>
      }
      @if (document.lastSending; as mail) {
        <afpi-sending-status [sending]="mail" />
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      align-items: center;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PieceDocument {
  readonly opportunite = input.required<string>();
  readonly piece = input.required<string>();
  readonly #client = inject(DocumentClient);
  readonly #dialog = inject(Dialog);
  readonly #viewer = inject(FileViewer);

  readonly #all = resource({
    params: () => this.opportunite(),
    loader: ({ params }) => this.#client.list(params),
  });
  protected readonly ready = computed((): Document[] =>
    this.#all.hasValue()
      ? this.#all.value().data.filter(({ aboutId, reminds, state, latest }) => {
          const about = aboutId === this.piece() || reminds.includes(this.piece());
          return about && state === 'ready' && latest;
        })
      : [],
  );

  constructor() {
    const waits = computed(() => this.ready().some(({ lastSending }) => underWay(lastSending)));
    pollWhile(waits, () => this.#all.reload());
  }

  /** Who may make a document may send it. */
  protected mayMake({ kind }: Document): boolean {
    return this.#kind(kind)?.allowed ?? false;
  }
  protected async send(document: Document): Promise<void> {
    const question = { document, languages: this.#kind(document.kind)?.languages ?? [], others: this.ready() };
    if (await askToSend(this.#dialog, question)) this.#all.reload();
  }
  #kind(id: string): DocumentKind | undefined {
    return this.#all.hasValue() ? this.#all.value().kinds.find((kind) => kind.id === id) : undefined;
  }

  protected open(document: Document): void {
    this.#viewer.show({
      name: `${document.fileName}.pdf`,
      load: () => this.#client.pdf(document),
      save: () => this.#client.save(document),
    });
  }
}
