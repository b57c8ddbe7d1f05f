import { ChangeDetectionStrategy, Component, ElementRef, afterNextRender, computed, inject } from '@angular/core';
import { DOCUMENT } from '@angular/common';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from './icon';
import { ToastStore } from './toast-store';

/**
 * Shows the toast of `ToastStore`; placed once, below the router outlet. It takes room of its own instead of covering
 * the page, and dialogs, which lie over the page, make room too (`--toast-space`, styles/_overlay.scss).
 */
@Component({
  selector: 'afpi-toasts',
  imports: [Icon, TranslocoPipe],
  template: `
    <div role="status" aria-live="polite">
      @for (toast of shown(); track toast) {
        <div
          class="toast"
          [class]="'toast-' + toast.tone"
          (mouseenter)="store.hold()"
          (mouseleave)="store.release()"
          (focusin)="store.hold()"
          (focusout)="store.release()"
        >
          <afpi-icon [name]="toast.tone === 'good' ? 'circle-check' : toast.tone === 'bad' ? 'circle-alert' : 'info'" />
          <div class="grow">
            <p>{{ toast.text }}</p>
            @for (detail of toast.details; track detail) {
              <p class="small">{{ detail }}</p>
            }
          </div>
          @if (toast.action; as action) {
            <button
              type="button"
              class="act"
              [attr.title]="action.hint || null"
              (click)="store.dismiss(); action.run()"
            >
              {{ action.label }}
              @if (action.hint) {
                <span class="sr-only">: {{ action.hint }}</span>
              }
            </button>
          }
          <button type="button" class="x" [attr.aria-label]="'common.close' | transloco" (click)="store.dismiss()">
            <afpi-icon name="x" [size]="16" />
          </button>
        </div>
      }
    </div>
  `,
  styles: `
    :host {
      position: relative;
      z-index: 1500;
      display: block;
      flex: none;
    }
    .toast {
      display: flex;
      gap: 10px;
      align-items: center;
      width: min(640px, 100% - 20px);
      max-height: 40dvh;
      margin: 8px auto;
      padding: 8px 8px 8px 14px;
      overflow-y: auto;
      border-radius: var(--radius);
      background: #16202e;
      color: #fff;
      box-shadow: inset 0 0 0 1px #3d4b63;
    }
    .toast-good afpi-icon:first-child {
      color: #6fd8a5;
    }
    .toast-bad afpi-icon:first-child {
      color: #ff9d94;
    }
    .act,
    .x {
      flex: none;
      min-height: 32px;
      padding: 0 10px;
      border: 0;
      border-radius: var(--radius-s);
      background: none;
      color: #a9bcff;
      font-weight: 600;
      cursor: pointer;
    }
    .x {
      display: grid;
      place-items: center;
      width: 32px;
      padding: 0;
      color: #c3cde0;
    }
    .act:hover,
    .x:hover {
      background: #2a3850;
    }
    .act:focus-visible,
    .x:focus-visible {
      outline-color: #a9bcff;
      outline-offset: -2px;
    }
    p {
      overflow-wrap: anywhere;
    }
  `,
  host: { '(document:keydown)': 'key($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Toasts {
  readonly #root = inject(DOCUMENT).documentElement;
  protected readonly store = inject(ToastStore);
  /** Each toast is drawn again, so that the same text twice is announced twice. */
  protected readonly shown = computed(() => [this.store.current()].filter((toast) => toast !== null));

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => {
      new ResizeObserver(() => {
        this.#root.style.setProperty('--toast-space', `${host.offsetHeight}px`);
      }).observe(host);
    });
  }

  /** Ctrl+Z undoes the last action. In a field it stays the browser's undo for typed text. */
  protected key(event: KeyboardEvent): void {
    if (
      event.key.toLowerCase() !== 'z' ||
      !(event.ctrlKey || event.metaKey) ||
      event.shiftKey ||
      event.altKey ||
      event.defaultPrevented
    )
      return;
    const target = event.target as HTMLElement;
    // Looks for an open dialog in the page: the code of dialogs is not part of the first load.
    const dialog = this.#root.querySelector('cdk-dialog-container');
    if (dialog || target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
    if (this.store.undo()) event.preventDefault();
  }
}
