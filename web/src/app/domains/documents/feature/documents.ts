/** The documents of an opportunité: what was made, what can be made, what is missing, and a draft of what is typed. */
import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Document } from '../../../api/models/document';
import { DocumentCandidate } from '../../../api/models/document-candidate';
import { DocumentKind } from '../../../api/models/document-kind';
import { DocumentPreview } from '../../../api/models/document-preview';
import { pollWhile } from '../../../shared/http/poll';
import { Problems } from '../../../shared/http/problem';
import { Format, TxtPipe } from '../../../shared/i18n/pipes';
import { PanelContent, PanelFrame } from '../../../shared/panels/panels';
import { FileViewer } from '../../../shared/ui/file-viewer';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { RecordSubject } from '../../opportunites/public/record-subject';
import { DocumentClient } from '../data/document-client';
import { askToSend } from '../public/send-dialog';
import { DocumentShelf } from '../ui/document-shelf';
import { Draft } from '../ui/draft';
import { underWay } from '../ui/sending-status';
import { DocumentAct, Shelf, Shelves, shelves, subjectOf } from '../util/kinds';
import { SignDialog } from './sign-dialog';

@Component({
  imports: [DocumentShelf, Draft, Empty, Failed, Loading, NgTemplateOutlet, TranslocoPipe, TxtPipe],
  template: `
    @if (documents.error(); as error) {
      <div class="card-body"><afpi-failed [error]="error" (retry)="documents.reload()" /></div>
    } @else if (!documents.hasValue()) {
      <afpi-loading [rows]="3" />
    } @else {
      @if (drafted(); as kind) {
        <div class="card-body draft">
          <afpi-draft [label]="kind.label | txt" [wanted]="wanted()" [draw]="draw" />
        </div>
      }
      @for (shelf of shelves().here; track shelf.kind.id) {
        <ng-container *ngTemplateOutlet="one; context: { $implicit: shelf }" />
      } @empty {
        @if (!shelves().others.length) {
          <afpi-empty icon="file" [title]="'documents.none' | transloco" [text]="'documents.noneText' | transloco" />
        }
      }
      @if (shelves().others.length) {
        <details class="others">
          <summary>{{ 'documents.others' | transloco: { n: shelves().others.length } }}</summary>
          @for (shelf of shelves().others; track shelf.kind.id) {
            <ng-container *ngTemplateOutlet="one; context: { $implicit: shelf }" />
          }
        </details>
      }
      <ng-template #one let-shelf>
        <afpi-document-shelf
          [shelf]="shelf"
          [busy]="busy()"
          (make)="make(shelf.kind, $event.candidates, $event.language)"
          (open)="open($event)"
          (save)="save($event)"
          (saveInvoice)="saveInvoice($event)"
          (retry)="retry($event)"
          [acceptable]="acceptable()"
          (act)="act(shelf, $event)"
        />
      </ng-template>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    .draft {
      border-bottom: 1px solid var(--line);
    }
    .others {
      border-top: 1px solid var(--line);
    }
    .others > summary {
      padding: 12px 18px;
      color: var(--muted);
      cursor: pointer;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Documents implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();

  readonly #client = inject(DocumentClient);
  readonly #dialog = inject(Dialog);
  readonly #problems = inject(Problems);
  readonly #viewer = inject(FileViewer);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  protected readonly busy = signal(false);

  /** A move or a saved step may have issued a piece, or filled what was missing. */
  readonly #asked = computed(() => ({ id: this.subject().record.id, version: this.subject().record.version }), {
    equal: (a, b) => a.id === b.id && a.version === b.version,
  });
  protected readonly documents = resource({
    params: () => this.#asked(),
    loader: ({ params }) => this.#client.list(params.id),
  });
  protected readonly shelves = computed((): Shelves => {
    if (!this.documents.hasValue()) return { here: [], others: [] };
    const { kinds, data } = this.documents.value();
    return shelves(kinds, data, this.subject().step);
  });
  /** The moves that the reader may make now. */
  protected readonly acceptable = computed((): ReadonlySet<string> => {
    const open = this.subject().record.offers.filter(({ allowed }) => allowed);
    return new Set(open.map(({ transition }) => transition));
  });
  /** The document of the step that is being filled in, if the reader may make it. */
  protected readonly drafted = computed((): DocumentKind | undefined => {
    const { record, step } = this.subject();
    if (!this.documents.hasValue() || !record.editable.includes(step)) return undefined;
    const { kinds } = this.documents.value();
    return kinds.find(({ section, allowed, about }) => section === step && allowed && isWhole(about));
  });

  /** Another version of the record is drawn anew. */
  protected readonly wanted = computed(() => {
    const { record, typed } = this.subject();
    return { id: record.id, version: record.version, kind: this.drafted()?.id ?? '', documents: { ...typed } };
  });
  protected readonly draw = ({ id, kind, documents }: ReturnType<typeof this.wanted>): Promise<DocumentPreview> =>
    this.#client.draft(id, { kind, documents });

  constructor() {
    const frame = inject(PanelFrame);
    const waits = computed(
      () =>
        this.documents.hasValue() &&
        this.documents
          .value()
          .data.some(
            ({ state, lastSending, signedCopy }) =>
              state === 'waiting' || underWay(lastSending) || signedCopy?.state === 'waiting',
          ),
    );
    pollWhile(waits, () => this.documents.reload(), 1000);
    effect(() => {
      const ready = this.documents.hasValue()
        ? this.documents.value().data.filter(({ state, latest }) => latest && state === 'ready').length
        : 0;
      frame.badge.set(ready ? this.#format.count(ready) : null);
    });
  }

  protected async make(kind: DocumentKind, candidates: DocumentCandidate[], language?: string): Promise<void> {
    this.busy.set(true);
    try {
      const body = { kind: kind.id, subjects: candidates.map(subjectOf), ...(language ? { language } : {}) };
      await this.#client.make(this.subject().record.id, body);
      this.#toasts.done(this.#transloco.translate('documents.making', { n: candidates.length }));
      this.documents.reload();
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
  }
  protected open(document: Document): void {
    this.#viewer.show({
      name: `${document.fileName}.pdf`,
      load: () => this.#client.pdf(document),
      save: () => this.#client.save(document),
    });
  }
  protected save(document: Document): Promise<void> {
    return this.#try(() => this.#client.save(document));
  }
  protected saveInvoice(document: Document): Promise<void> {
    return this.#try(() => this.#client.saveInvoice(document));
  }
  protected retry(document: Document): Promise<void> {
    return this.#try(async () => {
      await this.#client.retry(document);
      this.documents.reload();
    });
  }
  protected act(shelf: Shelf, act: DocumentAct): Promise<void> {
    const { document } = act;
    switch (act.kind) {
      case 'send':
      case 'sendAgain':
        return this.#send(shelf, document, act.kind === 'sendAgain');
      case 'sign':
        return this.#sign(document);
      case 'accept':
        return this.#accept(document);
      case 'openCopy':
        this.#viewer.show({
          name: act.copy.name,
          load: () => this.#client.copy(document, act.copy),
          save: () => this.#client.saveCopy(document, act.copy),
        });
        return Promise.resolve();
      case 'saveCopy':
        return this.#try(() => this.#client.saveCopy(document, act.copy));
    }
  }

  async #send({ kind, standings }: Shelf, document: Document, again: boolean): Promise<void> {
    const standing = standings.find(({ documents }) => documents.includes(document));
    const failed = again && document.lastSending ? { again: document.lastSending } : {};
    const question = { document, languages: kind.languages, others: standing?.documents ?? [], ...failed };
    if (await askToSend(this.#dialog, question)) this.documents.reload();
  }
  async #sign(document: Document): Promise<void> {
    const ref = this.#dialog.open<boolean>(SignDialog, {
      data: document,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'sign-title',
    });
    if (await firstValueFrom(ref.closed)) this.documents.reload();
  }
  /** The workflow takes note of the signature. */
  async #accept({ acceptance }: Document): Promise<void> {
    const { record, take } = this.subject();
    const offer = record.offers.find(({ transition }) => transition === acceptance?.transition);
    if (offer && acceptance) await take(offer, acceptance.input);
  }
  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#problems.report(error);
    }
  }
}

/** A draft needs no choice of a person or a day. */
function isWhole(about: DocumentKind['about']): boolean {
  return about === 'opportunite' || about === 'piece';
}
