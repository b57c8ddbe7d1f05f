/** Top of every page: menu button on narrow screens, search, notifications, the user's own menu. */
import { ChangeDetectionStrategy, Component, inject, output } from '@angular/core';
import { CdkMenu, CdkMenuGroup, CdkMenuItem, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { UserAccess } from '../domains/roles/public/user-access';
import { Session } from '../shared/auth/session';
import { Language } from '../shared/i18n/language';
import { TxtPipe } from '../shared/i18n/pipes';
import { Avatar } from '../shared/ui/avatar';
import { Icon } from '../shared/ui/icon';
import { IconName } from '../shared/ui/icons';
import { Theme, ThemeName } from '../shared/ui/theme';
import { Bell } from './bell';

@Component({
  selector: 'afpi-topbar',
  imports: [
    Avatar,
    Bell,
    CdkMenu,
    CdkMenuGroup,
    CdkMenuItem,
    CdkMenuItemRadio,
    CdkMenuTrigger,
    Icon,
    RouterLink,
    TranslocoPipe,
    TxtPipe,
  ],
  templateUrl: './topbar.html',
  styles: `
    :host {
      display: flex;
      gap: 10px;
      align-items: center;
      min-height: 56px;
      padding: 0 20px;
      border-bottom: 1px solid var(--border);
      background: var(--surface);
    }
    .burger {
      display: none;
    }
    .search {
      position: relative;
      flex: 1;
      max-width: 520px;
    }
    .search afpi-icon {
      position: absolute;
      top: 10px;
      left: 11px;
      color: var(--muted);
      pointer-events: none;
    }
    .search .input {
      padding-left: 36px;
      padding-right: 76px;
      background: var(--bg);
      border-color: var(--border);
      cursor: pointer;
    }
    .search .keys {
      position: absolute;
      top: 8px;
      right: 9px;
      display: flex;
      gap: 4px;
      pointer-events: none;
    }
    .end {
      display: flex;
      gap: 4px;
      align-items: center;
      margin-left: auto;
    }
    .who {
      display: flex;
      gap: 9px;
      align-items: center;
      padding: 4px 8px 4px 5px;
      border: 0;
      border-radius: var(--radius);
      background: none;
      cursor: pointer;
      text-align: left;
    }
    .who:hover {
      background: var(--surface-2);
    }
    .who .name {
      display: block;
      max-width: 160px;
      font-size: 13px;
      font-weight: 600;
      line-height: 1.2;
    }
    .who .role {
      display: block;
      color: var(--muted);
      font-size: 12px;
      line-height: 1.2;
    }
    @media (max-width: 900px) {
      .burger {
        display: inline-flex;
      }
      :host {
        padding: 0 10px;
      }
    }
    @media (max-width: 640px) {
      .who > span,
      .search .keys,
      .help {
        display: none;
      }
      .search .input {
        padding-right: 8px;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Topbar {
  readonly menu = output();
  readonly searched = output<string>();
  readonly shortcuts = output();
  protected readonly session = inject(Session);
  protected readonly language = inject(Language);
  protected readonly theme = inject(Theme);
  protected readonly themes: { name: ThemeName; icon: IconName }[] = [
    { name: 'system', icon: 'contrast' },
    { name: 'light', icon: 'sun' },
    { name: 'dark', icon: 'moon' },
  ];
  readonly #access = inject(UserAccess);

  /** The field only opens the palette, with the typed text. */
  protected typed(event: Event): void {
    const field = event.target as HTMLInputElement;
    const text = field.value;
    field.value = '';
    field.blur();
    this.searched.emit(text);
  }
  protected rights(): void {
    const me = this.session.me();
    if (me) void this.#access.of(me);
  }
}
