/** Shows a PDF or a picture. The content is read with the session and shown from memory, never from an address. */
import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, resource } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { DomSanitizer } from '@angular/platform-browser';
import { TranslocoPipe } from '@jsverse/transloco';
import { Attachment } from '../../../api/models/attachment';
import { Problems } from '../../../shared/http/problem';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { AttachmentClient, Holder } from '../data/attachment-client';

export interface PreviewQuestion {
  holder: Holder;
  file: Attachment;
  /** A former version. */
  number?: number;
}

/** Types that a browser draws. Everything else is never made an address of. */
const PDF = 'application/pdf';
const PICTURES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

@Component({
  imports: [Failed, Icon, Loading, TranslocoPipe],
  template: `
    <div class="dialog viewer">
      <header>
        <h2 id="preview-title" class="ellipsis">{{ question.file.name }}</h2>
        <span class="grow"></span>
        <button type="button" class="btn btn-s" (click)="save()">
          <afpi-icon name="download" [size]="15" />{{ 'attachments.download' | transloco }}
        </button>
        <button
          type="button"
          class="btn btn-icon btn-s"
          [attr.aria-label]="'common.close' | transloco"
          (click)="ref.close()"
        >
          <afpi-icon name="x" [size]="16" />
        </button>
      </header>
      <div class="body">
        @if (content.error(); as error) {
          <afpi-failed [error]="error" (retry)="content.reload()" />
        } @else if (!content.hasValue()) {
          <afpi-loading [rows]="8" />
        } @else if (picture(); as address) {
          <img [src]="address" [alt]="'attachments.previewOf' | transloco: { name: question.file.name }" />
        } @else if (pdf(); as address) {
          <iframe [src]="address" [title]="'attachments.previewOf' | transloco: { name: question.file.name }"></iframe>
        } @else {
          <p class="notice">{{ 'attachments.previewNo' | transloco }}</p>
        }
      </div>
    </div>
  `,
  styles: `
    .viewer {
      width: min(1100px, calc(100vw - 24px));
    }
    img {
      display: block;
      max-width: 100%;
      max-height: 72vh;
      margin: auto;
    }
    iframe {
      display: block;
      width: 100%;
      height: 72vh;
      border: 0;
      background: #fff;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PreviewDialog {
  readonly #client = inject(AttachmentClient);
  readonly #problems = inject(Problems);
  readonly #sanitizer = inject(DomSanitizer);
  readonly #addresses: string[] = [];
  protected readonly question = inject<PreviewQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef>(DialogRef);
  protected readonly content = resource({
    loader: async () => {
      const blob = await this.#client.preview(this.question.holder, this.question.file, this.question.number);
      const type = blob.type.split(';')[0] ?? '';
      const address = URL.createObjectURL(blob);
      this.#addresses.push(address);
      return { type, address };
    },
  });
  protected readonly picture = computed(() => {
    const shown = this.content.hasValue() ? this.content.value() : null;
    return shown && PICTURES.includes(shown.type) ? shown.address : null;
  });
  protected readonly pdf = computed(() => {
    const shown = this.content.hasValue() ? this.content.value() : null;
    if (shown?.type !== PDF || !navigator.pdfViewerEnabled) return null;
    // An address that this page has just made of bytes that it has read.
    return this.#sanitizer.bypassSecurityTrustResourceUrl(shown.address);
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      for (const address of this.#addresses) URL.revokeObjectURL(address);
    });
  }

  protected async save(): Promise<void> {
    try {
      await this.#client.save(this.question.holder, this.question.file, this.question.number);
    } catch (error) {
      this.#problems.report(error);
    }
  }
}
