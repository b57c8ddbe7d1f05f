/** Shows a PDF or a picture. The content is read with the session and shown from memory, never from an address. */
import { ChangeDetectionStrategy, Component, DestroyRef, Injectable, computed, inject, resource } from '@angular/core';
import { DIALOG_DATA, Dialog, DialogRef } from '@angular/cdk/dialog';
import { DomSanitizer } from '@angular/platform-browser';
import { TranslocoPipe } from '@jsverse/transloco';
import { Problems } from '../http/problem';
import { Icon } from './icon';
import { Failed, Loading } from './states';

/** The file to show. */
export interface ShownFile {
  name: string;
  load(): Promise<Blob>;
  save(): Promise<void>;
}

/** Types that a browser draws. Everything else is never made an address of. */
const PDF = 'application/pdf';
const PICTURES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

@Component({
  imports: [Failed, Icon, Loading, TranslocoPipe],
  template: `
    <div class="dialog viewer">
      <header>
        <h2 id="viewer-title" class="ellipsis">{{ file.name }}</h2>
        <span class="grow"></span>
        <button type="button" class="btn btn-s" (click)="save()">
          <afpi-icon name="download" [size]="15" />{{ 'viewer.download' | transloco }}
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
          <img [src]="address" [alt]="'viewer.of' | transloco: { name: file.name }" />
        } @else if (pdf(); as address) {
          <iframe [src]="address" [title]="'viewer.of' | transloco: { name: file.name }"></iframe>
        } @else {
          <p class="notice">{{ 'viewer.no' | transloco }}</p>
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
class FileViewerDialog {
  readonly #problems = inject(Problems);
  readonly #sanitizer = inject(DomSanitizer);
  readonly #addresses: string[] = [];
  protected readonly file = inject<ShownFile>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef>(DialogRef);
  protected readonly content = resource({
    loader: async () => {
      const blob = await this.file.load();
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
      await this.file.save();
    } catch (error) {
      this.#problems.report(error);
    }
  }
}

@Injectable({ providedIn: 'root' })
export class FileViewer {
  readonly #dialog = inject(Dialog);

  show(file: ShownFile): void {
    this.#dialog.open(FileViewerDialog, { data: file, panelClass: 'dialog-panel', ariaLabelledBy: 'viewer-title' });
  }
}
