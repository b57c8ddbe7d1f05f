/** Left side: the site switcher on top, then the navigation. On a narrow screen it slides over the page. */
import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { CdkMenu, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { NotificationStore } from '../domains/notifications/public/notification-store';
import { Session } from '../shared/auth/session';
import { Site } from '../shared/auth/site';
import { Icon } from '../shared/ui/icon';
import { Fold } from './fold';
import { DESTINATIONS } from './navigation';

@Component({
  selector: 'afpi-sidebar',
  imports: [CdkMenu, CdkMenuItemRadio, CdkMenuTrigger, Icon, RouterLink, RouterLinkActive, TranslocoPipe],
  templateUrl: './sidebar.html',
  styleUrl: './sidebar.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Sidebar {
  readonly navigated = output();
  protected readonly fold = inject(Fold);
  protected readonly site = inject(Site);
  protected readonly unread = inject(NotificationStore).unread;
  readonly #session = inject(Session);
  readonly #allowed = computed(() =>
    DESTINATIONS.filter(({ permission }) => !permission || this.#session.can(permission)),
  );
  protected readonly main = computed(() => this.#allowed().filter(({ admin }) => !admin));
  protected readonly administration = computed(() => this.#allowed().filter(({ admin }) => admin));
  protected readonly single = computed(() => (this.site.mine().length === 1 ? this.site.mine()[0] : undefined));
}
