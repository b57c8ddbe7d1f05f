/** The frame around every page of a signed-in user: sidebar, topbar, keyboard shortcuts, live notifications. */
import { ChangeDetectionStrategy, Component, DestroyRef, ElementRef, inject, signal, viewChild } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { Router, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { NotificationStore } from '../domains/notifications/public/notification-store';
import { saveByKey } from '../shared/forms/save-key';
import { openPalette } from './palette';
import { Sidebar } from './sidebar';
import { Topbar } from './topbar';

@Component({
  imports: [RouterOutlet, Sidebar, Topbar, TranslocoPipe],
  template: `
    <a class="skip-link" href="#contenu" (click)="skip($event)">{{ 'shell.skip' | transloco }}</a>
    @if (open()) {
      <div class="scrim" (click)="open.set(false)" aria-hidden="true"></div>
    }
    <afpi-sidebar [class.open]="open()" (navigated)="open.set(false)" />
    <div class="column">
      <afpi-topbar (menu)="open.set(!open())" (searched)="palette($event)" (shortcuts)="help()" />
      <main id="contenu" tabindex="-1" #main><router-outlet /></main>
    </div>
  `,
  styles: `
    :host {
      display: flex;
      height: 100%;
    }
    .column {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-width: 0;
    }
    main {
      flex: 1;
      overflow-y: auto;
    }
    .scrim {
      display: none;
    }
    @media (max-width: 900px) {
      afpi-sidebar {
        position: fixed;
        inset: 0 auto 0 0;
        z-index: 900;
        visibility: hidden;
        transform: translateX(-100%);
        transition:
          transform 0.18s,
          visibility 0.18s;
      }
      afpi-sidebar.open {
        visibility: visible;
        transform: none;
        box-shadow: var(--shadow-2);
      }
      .scrim {
        position: fixed;
        inset: 0;
        z-index: 800;
        display: block;
        background: rgb(9 16 32 / 46%);
      }
    }
    @media print {
      :host {
        display: block;
        height: auto;
      }
      main {
        overflow: visible;
      }
    }
  `,
  host: {
    '(document:keydown)': 'key($event)',
    '(document:keyup)': 'keys.set(false)',
    '(window:blur)': 'keys.set(false)',
    '[class.keys]': 'keys()',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Shell {
  readonly #dialog = inject(Dialog);
  readonly #router = inject(Router);
  protected readonly main = viewChild.required<ElementRef<HTMLElement>>('main');
  protected readonly open = signal(false);
  /** Alt is held: buttons show their keys (`data-key`). */
  protected readonly keys = signal(false);

  constructor() {
    const notifications = inject(NotificationStore);
    notifications.listen();
    inject(DestroyRef).onDestroy(() => {
      notifications.hush();
    });
  }

  protected skip(event: Event): void {
    event.preventDefault();
    this.main().nativeElement.focus();
  }
  protected palette(start = ''): void {
    if (this.#dialog.openDialogs.length === 0) openPalette(this.#dialog, start);
  }
  protected async help(): Promise<void> {
    const { ShortcutsDialog } = await import('./shortcuts');
    if (this.#dialog.openDialogs.length === 0) {
      this.#dialog.open(ShortcutsDialog, { panelClass: 'dialog-panel', ariaLabelledBy: 'shortcuts-title' });
    }
  }

  /** Shortcuts are off during typing and while a dialog is open, except Ctrl-K, which works during typing. */
  protected key(event: KeyboardEvent): void {
    this.keys.set(event.key === 'Alt');
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') saveByKey(event);
    if (event.defaultPrevented || this.#dialog.openDialogs.length) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.palette();
      return;
    }
    if (event.key === 'Escape') this.open.set(false);
    const target = event.target as HTMLElement;
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      target.isContentEditable ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
    )
      return;
    if (event.key === '/') {
      event.preventDefault();
      document.getElementById('global-search')?.focus();
    } else if (event.key === '?') {
      void this.help();
    } else if (event.key === 'n' && !document.querySelector('.cdk-overlay-pane:not(:empty)')) {
      void this.#router.navigateByUrl('/opportunites/nouvelle');
    }
  }
}
