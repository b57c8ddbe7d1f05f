/** List or board. The filters stay when switching. */
import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';

@Component({
  selector: 'afpi-view-switch',
  imports: [Icon, RouterLink, RouterLinkActive, TranslocoPipe],
  template: `
    <nav class="segmented" [attr.aria-label]="'opportunites.views' | transloco">
      <a
        routerLink="/opportunites"
        queryParamsHandling="preserve"
        routerLinkActive
        ariaCurrentWhenActive="page"
        [routerLinkActiveOptions]="exact"
        ><afpi-icon name="list" [size]="16" />{{ 'opportunites.list' | transloco }}</a
      >
      <a routerLink="/opportunites/tableau" queryParamsHandling="preserve" routerLinkActive ariaCurrentWhenActive="page"
        ><afpi-icon name="kanban" [size]="16" />{{ 'opportunites.board' | transloco }}</a
      >
    </nav>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ViewSwitch {
  protected readonly exact = {
    paths: 'exact',
    queryParams: 'ignored',
    fragment: 'ignored',
    matrixParams: 'ignored',
  } as const;
}
