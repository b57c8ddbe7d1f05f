/** One's own account: who one is here, the password, the second factor, absence, quiet hours, the calendar, the drop box, the display, the open sessions. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '../../../shared/auth/session';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { DropBox } from '../../suivi/public/drop-box';
import { Absence } from './absence';
import { CalendarAddress } from './calendar';
import { Devices } from './devices';
import { Display } from './display';
import { PasswordDialog } from './password-dialog';
import { Quiet } from './quiet';
import { SecondFactorCard } from './second-factor';

@Component({
  imports: [Absence, CalendarAddress, Devices, Display, DropBox, Quiet, SecondFactorCard, TranslocoPipe, TxtPipe],
  template: `
    <div class="page page-narrow">
      <header class="page-head">
        <h1>{{ 'own.title' | transloco }}</h1>
      </header>
      @if (session.me(); as me) {
        <section class="card" aria-labelledby="me-title">
          <header class="card-head">
            <h2 id="me-title">{{ me.name }}</h2>
            <button type="button" class="btn btn-s" (click)="password()">{{ 'password.title' | transloco }}</button>
          </header>
          <div class="card-body">
            <p>{{ me.email }}</p>
            <p class="muted">{{ me.roleName | txt }}</p>
          </div>
        </section>
      }
      <afpi-second-factor />
      <afpi-absence />
      <afpi-quiet-hours />
      <afpi-calendar-address />
      <afpi-drop-box />
      <afpi-display />
      <afpi-devices />
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Own {
  readonly #dialog = inject(Dialog);
  protected readonly session = inject(Session);

  protected password(): void {
    this.#dialog.open(PasswordDialog, { panelClass: 'dialog-panel', ariaLabelledBy: 'password-title' });
  }
}
