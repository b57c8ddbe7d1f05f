/** How many of my mails wait for their record. Nothing when there are none. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';
import { MailClient } from '../data/mail-client';

@Component({
  selector: 'afpi-my-mails',
  imports: [Icon, RouterLink, TranslocoPipe],
  template: `
    @if (mails.hasValue() && mails.value().length; as n) {
      <p class="notice">
        <afpi-icon name="mail" /><a routerLink="/courriels">{{ 'home.mails' | transloco: { n } }}</a>
      </p>
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MyMails {
  readonly #client = inject(MailClient);
  protected readonly mails = resource({ loader: () => this.#client.pending() });
}
