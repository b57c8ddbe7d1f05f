/** “Why do I see this?”: a quiet link on a record that opens the reasons. */
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getEntrepriseAccess } from '../../../api/fn/entreprises/get-entreprise-access';
import { getFormateurAccess } from '../../../api/fn/formateurs/get-formateur-access';
import { getOpportuniteAccess } from '../../../api/fn/opportunites/get-opportunite-access';
import { getSalleAccess } from '../../../api/fn/salles/get-salle-access';
import { Icon } from '../../../shared/ui/icon';
import { WhyDialog } from './why-dialog';

const READ = {
  opportunite: getOpportuniteAccess,
  entreprise: getEntrepriseAccess,
  formateur: getFormateurAccess,
  salle: getSalleAccess,
};

@Component({
  selector: 'afpi-why',
  imports: [Icon, TranslocoPipe],
  template: `
    @if (named(); as name) {
      <button
        type="button"
        class="btn btn-quiet btn-icon btn-s"
        [attr.aria-label]="'roles.why.of' | transloco: { name }"
        (click)="open()"
      >
        <afpi-icon name="info" [size]="16" />
      </button>
    } @else {
      <button type="button" class="btn-link no-print" (click)="open()">{{ 'roles.why.title' | transloco }}</button>
    }
  `,
  styles: `
    .btn-link {
      color: var(--muted);
      font-weight: 400;
      text-decoration: underline dotted;
      text-underline-offset: 3px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Why {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly kind = input.required<keyof typeof READ>();
  readonly id = input.required<string>();
  /** In a list: what the record is called; an icon then stands for the link. */
  readonly named = input('');

  protected open(): void {
    const [kind, id] = [this.kind(), this.id()];
    this.#dialog.open(WhyDialog, {
      data: { kind, load: () => this.#api.invoke(READ[kind], { id }) },
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'why-title',
    });
  }
}
