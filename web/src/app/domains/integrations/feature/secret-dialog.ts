/** The secret of a key or of a webhook, which is shown only here. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';

export interface Shown {
  name: string;
  secret: string;
  /** A command to try it with; empty without one. */
  example: string;
}

@Component({
  imports: [Icon, TranslocoPipe],
  template: `
    <div class="dialog">
      <header>
        <h2 id="secret-title">{{ 'integrations.secret.title' | transloco: { name: it.name } }}</h2>
      </header>
      <div class="body stack">
        <p class="notice notice-warn"><afpi-icon name="warning" />{{ 'integrations.secret.text' | transloco }}</p>
        <div class="row-nowrap">
          <input
            class="input mono"
            readonly
            [value]="it.secret"
            [attr.aria-label]="'integrations.secret.label' | transloco"
            (focus)="all($event)"
          />
          <button type="button" class="btn" (click)="copy()">
            <afpi-icon [name]="copied() ? 'check' : 'copy'" [size]="16" />
            {{ (copied() ? 'integrations.secret.copied' : 'integrations.secret.copy') | transloco }}
          </button>
        </div>
        @if (it.example) {
          <p class="muted small">{{ 'integrations.secret.example' | transloco }}</p>
          <pre class="mono small" tabindex="0">{{ it.example }}</pre>
        }
        <span class="sr-only" role="status">{{ (copied() ? 'integrations.secret.copied' : '') | transloco }}</span>
      </div>
      <footer>
        <button type="button" class="btn btn-primary" (click)="ref.close()">{{ 'common.close' | transloco }}</button>
      </footer>
    </div>
  `,
  styles: `
    pre {
      margin: 0;
      padding: 10px 12px;
      border-radius: 8px;
      background: var(--surface-2);
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SecretDialog {
  protected readonly it = inject<Shown>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef>(DialogRef);
  protected readonly copied = signal(false);

  protected all(event: Event): void {
    (event.target as HTMLInputElement).select();
  }

  protected async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.it.secret);
    this.copied.set(true);
  }
}
