/** The link of an invitation, to hand over where no letters are sent. It is shown only here. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { InstantPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';

export interface Handed {
  name: string;
  link: string;
  expiresAt: string;
}

@Component({
  imports: [Icon, InstantPipe, TranslocoPipe],
  template: `
    <div class="dialog">
      <header>
        <h2 id="invitation-title">{{ 'users.invitation.title' | transloco: { name: it.name } }}</h2>
      </header>
      <div class="body stack">
        <p>{{ 'users.invitation.text' | transloco }}</p>
        <div class="row-nowrap">
          <input
            class="input"
            readonly
            [value]="it.link"
            [attr.aria-label]="'users.invitation.link' | transloco"
            (focus)="all($event)"
          />
          <button type="button" class="btn" (click)="copy()">
            <afpi-icon [name]="copied() ? 'check' : 'copy'" [size]="16" />
            {{ (copied() ? 'users.invitation.copied' : 'users.invitation.copy') | transloco }}
          </button>
        </div>
        <p class="muted small">{{ 'users.invitation.until' | transloco }} {{ it.expiresAt | instant }}</p>
        <span class="sr-only" role="status">{{ (copied() ? 'users.invitation.copied' : '') | transloco }}</span>
      </div>
      <footer>
        <button type="button" class="btn btn-primary" (click)="ref.close()">{{ 'common.close' | transloco }}</button>
      </footer>
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class InvitationDialog {
  protected readonly it = inject<Handed>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef>(DialogRef);
  protected readonly copied = signal(false);

  protected all(event: Event): void {
    (event.target as HTMLInputElement).select();
  }

  protected async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.it.link);
    this.copied.set(true);
  }
}
