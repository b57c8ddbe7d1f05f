/**
 * Shows a PDF or a picture, in a dialog or in a drawer beside the page. The content is read with the session and shown
 * from memory, never from an address.
 */
import {
  ChangeDetectionStrategy,
  Component,
  DOCUMENT,
  DestroyRef,
  ElementRef,
  Injectable,
  InjectionToken,
  Injector,
  afterNextRender,
  computed,
  inject,
  resource,
} from '@angular/core';
import { DIALOG_DATA, Dialog } from '@angular/cdk/dialog';
import { Overlay } from '@angular/cdk/overlay';
import { ComponentPortal } from '@angular/cdk/portal';
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

/** Closes the viewer. */
const CLOSE = new InjectionToken<() => void>('close the viewer');

@Component({
  selector: 'afpi-file-view',
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
          (click)="close()"
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
      max-height: var(--viewer-height, 72vh);
      margin: auto;
    }
    iframe {
      display: block;
      width: 100%;
      height: var(--viewer-height, 72vh);
      border: 0;
      background: #fff;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class FileView {
  readonly #problems = inject(Problems);
  readonly #sanitizer = inject(DomSanitizer);
  readonly #addresses: string[] = [];
  protected readonly file = inject<ShownFile>(DIALOG_DATA);
  protected readonly close = inject(CLOSE);
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

/** The same beside the page, which stays in use: a region that gets the focus when it opens. */
@Component({
  imports: [FileView],
  template: `<afpi-file-view />`,
  host: { role: 'complementary', 'aria-labelledby': 'viewer-title', tabindex: '-1' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class FileDrawer {
  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef);
    afterNextRender(() => {
      host.nativeElement.focus();
    });
  }
}

@Injectable({ providedIn: 'root' })
export class FileViewer {
  readonly #dialog = inject(Dialog);
  readonly #document = inject(DOCUMENT);
  readonly #injector = inject(Injector);
  readonly #overlay = inject(Overlay);
  #closeDrawer: (() => void) | null = null;

  /** In a dialog. */
  show(file: ShownFile): void {
    this.#dialog.open(FileView, {
      data: file,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'viewer-title',
      providers: (ref) => [
        {
          provide: CLOSE,
          useValue: () => {
            ref.close();
          },
        },
      ],
    });
  }

  /** In a drawer beside the page. Another file takes its place; closing gives the focus back. */
  beside(file: ShownFile): void {
    const opener = this.#document.activeElement;
    this.#closeDrawer?.();
    const overlay = this.#overlay.create({
      panelClass: 'drawer-panel',
      disposeOnNavigation: true,
      positionStrategy: this.#overlay.position().global().top('0').right('0'),
    });
    const close = (): void => {
      overlay.dispose();
    };
    overlay.keydownEvents().subscribe((event) => {
      if (event.key === 'Escape') close();
    });
    overlay.detachments().subscribe(() => {
      if (this.#closeDrawer === close) this.#closeDrawer = null;
      if (opener instanceof HTMLElement) opener.focus();
    });
    this.#closeDrawer = close;
    const providers = [
      { provide: DIALOG_DATA, useValue: file },
      { provide: CLOSE, useValue: close },
    ];
    const injector = Injector.create({ parent: this.#injector, providers });
    overlay.attach(new ComponentPortal(FileDrawer, null, injector));
  }
}
