/** The page of a person whose role requires a second factor that is not set up yet. Nothing else is shown before. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '../../../shared/auth/session';
import { Entrance } from '../ui/entrance';
import { FactorSetup } from './factor-setup';

@Component({
  imports: [Entrance, FactorSetup, TranslocoPipe],
  template: `
    <afpi-entrance [title]="'factor.title' | transloco" [text]="'factor.first' | transloco">
      <afpi-factor-setup (done)="goOn()" />
      <button type="button" class="btn btn-quiet" (click)="session.logout()">{{ 'factor.leave' | transloco }}</button>
    </afpi-entrance>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RequiredFactor {
  readonly #router = inject(Router);
  protected readonly session = inject(Session);

  protected async goOn(): Promise<void> {
    await this.session.refresh();
    await this.#router.navigateByUrl('/');
  }
}
