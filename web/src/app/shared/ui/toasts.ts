import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from './icon';
import { ToastStore } from './toast-store';

/** Shows the toasts of `ToastStore`; placed once, beside the router outlet. */
@Component({
  selector: 'afpi-toasts',
  imports: [Icon, TranslocoPipe],
  template: `
    <div class="region" role="status" aria-live="polite">
      @for (toast of store.toasts(); track toast.id) {
        <div class="toast" [class]="'toast-' + toast.tone">
          <afpi-icon [name]="toast.tone === 'good' ? 'circle-check' : toast.tone === 'bad' ? 'circle-alert' : 'info'" />
          <div class="grow">
            <p>{{ toast.text }}</p>
            @for (detail of toast.details; track detail) { <p class="small">{{ detail }}</p> }
          </div>
          @if (toast.action; as action) {
            <button type="button" class="act" (click)="action.run(); store.dismiss(toast.id)">{{ action.label }}</button>
          }
          <button type="button" class="x" [attr.aria-label]="'common.close' | transloco" (click)="store.dismiss(toast.id)">
            <afpi-icon name="x" [size]="16" />
          </button>
        </div>
      }
    </div>
  `,
  styles: `
    /* In the middle, and on narrow screens higher up: bars with the button that saves stick to the bottom right. */
    .region { position: fixed; left: 50%; bottom: 18px; z-index: 1500; display: flex; flex-direction: column; gap: 10px; width: min(420px, calc(100vw - 36px)); transform: translateX(-50%); }
    @media (width < 800px) { .region { bottom: 84px; } }
    .toast { display: flex; gap: 10px; align-items: flex-start; padding: 12px 14px; border-radius: var(--radius); background: #16202e; color: #fff; box-shadow: var(--shadow-2); }
    .toast-good afpi-icon:first-child { color: #6fd8a5; }
    .toast-bad afpi-icon:first-child { color: #ff9d94; }
    .act { padding: 0 4px; border: 0; background: none; color: #a9bcff; font-weight: 600; cursor: pointer; }
    .x { display: grid; padding: 2px; border: 0; background: none; color: #c3cde0; cursor: pointer; }
    p { overflow-wrap: anywhere; }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Toasts {
  protected readonly store = inject(ToastStore);
}
