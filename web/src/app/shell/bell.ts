/** The bell: unread count, and the latest notifications in a panel. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { CdkConnectedOverlay, CdkOverlayOrigin } from '@angular/cdk/overlay';
import { A11yModule } from '@angular/cdk/a11y';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Notification } from '../api/models/notification';
import { NotificationStore } from '../domains/notifications/public/notification-store';
import { AgoPipe, TxtPipe } from '../shared/i18n/pipes';
import { Icon } from '../shared/ui/icon';

@Component({
  selector: 'afpi-bell',
  imports: [A11yModule, AgoPipe, CdkConnectedOverlay, CdkOverlayOrigin, Icon, RouterLink, TranslocoPipe, TxtPipe],
  template: `
    <button
      type="button"
      class="btn btn-quiet btn-icon"
      cdkOverlayOrigin
      #origin="cdkOverlayOrigin"
      [attr.aria-expanded]="open()"
      [attr.aria-label]="'bell.label' | transloco: { n: store.unread() }"
      (click)="toggle()"
    >
      <afpi-icon name="bell" [size]="19" />
      @if (store.unread() > 0) {
        <span class="dot">{{ store.unread() > 99 ? '99+' : store.unread() }}</span>
      }
    </button>
    <ng-template
      cdkConnectedOverlay
      [cdkConnectedOverlayOrigin]="origin"
      [cdkConnectedOverlayOpen]="open()"
      [cdkConnectedOverlayHasBackdrop]="true"
      cdkConnectedOverlayBackdropClass="cdk-overlay-transparent-backdrop"
      (backdropClick)="open.set(false)"
      (detach)="open.set(false)"
      (overlayKeydown)="key($event)"
    >
      <section
        class="panel"
        cdkTrapFocus
        [cdkTrapFocusAutoCapture]="true"
        role="dialog"
        [attr.aria-label]="'nav.notifications' | transloco"
      >
        <header>
          <h2>{{ 'nav.notifications' | transloco }}</h2>
          @if (store.unread() > 0) {
            <button type="button" class="btn-link small" (click)="store.readAll()">
              {{ 'bell.readAll' | transloco }}
            </button>
          }
        </header>
        @if (!store.connected()) {
          <p class="paused small"><afpi-icon name="warning" [size]="14" />{{ 'bell.paused' | transloco }}</p>
        }
        <ul class="list">
          @for (item of store.latest(); track item.id) {
            <li>
              <button type="button" [class.unread]="!item.readAt" (click)="follow(item)">
                <span class="strong">{{ item.title | txt }}</span><span class="muted small">{{ item.body | txt }}</span
                ><span class="muted small">{{ item.createdAt | ago }}</span>
              </button>
            </li>
          } @empty {
            <li class="none muted">{{ 'bell.none' | transloco }}</li>
          }
        </ul>
        <footer>
          <a routerLink="/notifications" (click)="open.set(false)">{{ 'bell.all' | transloco }}</a>
        </footer>
      </section>
    </ng-template>
  `,
  styles: `
    :host {
      position: relative;
    }
    .btn {
      position: relative;
    }
    .dot {
      position: absolute;
      top: 1px;
      right: 0;
      min-width: 17px;
      padding: 0 4px;
      border: 2px solid var(--surface);
      border-radius: 10px;
      background: light-dark(#c0281f, #ff9d94);
      color: light-dark(#fff, #3b0906);
      font-size: 10.5px;
      font-weight: 700;
      line-height: 14px;
    }
    .panel {
      width: min(380px, calc(100vw - 20px));
      max-height: 76vh;
      display: flex;
      flex-direction: column;
      border: 1px solid var(--border);
      border-radius: var(--radius-l);
      background: var(--surface);
      box-shadow: var(--shadow-2);
    }
    header,
    footer {
      display: flex;
      gap: 10px;
      align-items: center;
      justify-content: space-between;
      padding: 12px 16px;
    }
    header {
      border-bottom: 1px solid var(--border);
    }
    footer {
      border-top: 1px solid var(--border);
      font-weight: 550;
    }
    ul {
      overflow-y: auto;
    }
    li button {
      display: flex;
      flex-direction: column;
      gap: 2px;
      width: 100%;
      padding: 10px 16px;
      border: 0;
      background: none;
      text-align: left;
      cursor: pointer;
    }
    li button:hover {
      background: var(--surface-2);
    }
    li button.unread {
      box-shadow: inset 3px 0 0 var(--primary);
    }
    .none {
      padding: 26px 16px;
      text-align: center;
    }
    .paused {
      display: flex;
      gap: 6px;
      align-items: center;
      padding: 8px 16px;
      background: var(--warn-soft);
      color: var(--warn);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Bell {
  protected readonly store = inject(NotificationStore);
  readonly #router = inject(Router);
  protected readonly open = signal(false);

  protected toggle(): void {
    this.open.update((open) => !open);
    if (this.open()) void this.store.refreshLatest();
  }
  protected key(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.open.set(false);
  }
  protected async follow(item: Notification): Promise<void> {
    this.open.set(false);
    await this.store.read(item);
    await this.#router.navigateByUrl(item.link);
  }
}
