/** A document as it would be, beside the form: drawn again a moment after somebody types. */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  effect,
  inject,
  input,
  linkedSignal,
  resource,
  signal,
  untracked,
} from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { DocumentPreview } from '../../../api/models/document-preview';
import { Problems } from '../../../shared/http/problem';
import { Icon } from '../../../shared/ui/icon';
import { Loading } from '../../../shared/ui/states';

/** Time without typing before the draft is drawn again. */
const PAUSE_MS = 250;

@Component({
  selector: 'afpi-draft',
  imports: [Icon, Loading, TranslocoPipe],
  template: `
    <button type="button" class="btn btn-quiet btn-s" [attr.aria-expanded]="open()" (click)="open.set(!open())">
      <afpi-icon [name]="open() ? 'chevron-down' : 'chevron-right'" [size]="14" />{{
        'documents.draft' | transloco: { name: label() }
      }}
    </button>
    @if (open()) {
      @if (pages.error(); as error) {
        <p class="muted small">{{ said(error) }}</p>
      } @else if (!shown()) {
        <afpi-loading [rows]="6" />
      }
      @if (shown(); as drawn) {
        <div class="pages" [class.wide]="wide()" [class.old]="pages.isLoading()" tabindex="0">
          @for (address of drawn.addresses; track $index) {
            <img [src]="address" [alt]="'documents.page' | transloco: { name: drawn.title, n: $index + 1 }" />
          }
        </div>
        <button type="button" class="btn btn-quiet btn-s" [attr.aria-pressed]="wide()" (click)="wide.set(!wide())">
          <afpi-icon name="search" [size]="14" />{{ (wide() ? 'documents.small' : 'documents.large') | transloco }}
        </button>
      }
    }
  `,
  styles: `
    :host {
      display: block;
    }
    .pages {
      display: grid;
      gap: 10px;
      max-height: 60vh;
      margin: 8px 0;
      padding: 8px;
      overflow: auto;
      border-radius: var(--radius);
      background: var(--sunken, #e9edf1);
    }
    .pages img {
      display: block;
      width: 100%;
      background: #fff;
      box-shadow: 0 1px 4px rgb(0 0 0 / 20%);
    }
    .pages.wide img {
      width: 760px;
    }
    .old {
      opacity: 0.75;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Draft<T> {
  readonly label = input.required<string>();
  /** What to draw. Whatever is new in it draws it again. */
  readonly wanted = input.required<T>();
  readonly draw = input.required<(wanted: T) => Promise<DocumentPreview>>();

  readonly #problems = inject(Problems);
  readonly #addresses = new Set<string>();
  #drawing: Promise<unknown> = Promise.resolve();
  protected readonly open = signal(true);
  protected readonly wide = signal(false);

  /** What to draw, a moment after the last change. */
  readonly #settled = signal<{ wanted: T } | null>(null);
  protected readonly pages = resource({
    params: () => (this.open() ? (this.#settled() ?? undefined) : undefined),
    loader: async ({ params: { wanted }, abortSignal }) => {
      // One after the other: of what is typed meanwhile only the last is drawn.
      await this.#drawing;
      abortSignal.throwIfAborted();
      const drawing = this.draw()(wanted);
      this.#drawing = drawing.catch(() => undefined);
      return this.#drawn(await drawing);
    },
  });
  /** The last draft stays while the next one is drawn. */
  protected readonly shown = linkedSignal<
    { title: string; addresses: string[] } | undefined,
    { title: string; addresses: string[] } | undefined
  >({
    source: () => (this.pages.hasValue() ? this.pages.value() : undefined),
    computation: (now, before) => now ?? before?.value,
  });

  constructor() {
    let timer: ReturnType<typeof setTimeout> | undefined;
    effect(() => {
      const wanted = this.wanted();
      const first = untracked(this.#settled) === null;
      clearTimeout(timer);
      timer = setTimeout(
        () => {
          this.#settled.set({ wanted });
        },
        first ? 0 : PAUSE_MS,
      );
    });
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(timer);
      for (const address of this.#addresses) URL.revokeObjectURL(address);
    });
  }

  protected said(error: unknown): string {
    return this.#problems.message(error);
  }

  /** Each page as a picture. A picture runs nothing, whatever the drawing holds. */
  #drawn({ title, pages }: DocumentPreview): { title: string; addresses: string[] } {
    for (const address of this.#addresses) URL.revokeObjectURL(address);
    this.#addresses.clear();
    const addresses = pages.map((page) => URL.createObjectURL(new Blob([page], { type: 'image/svg+xml' })));
    for (const address of addresses) this.#addresses.add(address);
    return { title, addresses };
  }
}
