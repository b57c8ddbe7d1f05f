/** The way of a record into the bin, for who may change it and use the bin. The dialog comes on demand. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { Router } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Session } from '../../../shared/auth/session';
import { Language } from '../../../shared/i18n/language';
import { Icon } from '../../../shared/ui/icon';
import { Binnable } from '../data/bin';
import { CORBEILLE_TEXTS } from '../data/corbeille-texts';

const WRITES = { opportunites: 'opportunites:edit', entreprises: 'entreprises:write' } as const;

@Component({
  selector: 'afpi-bin-button',
  imports: [Icon, TranslocoPipe],
  template: `
    @if (may()) {
      <button type="button" class="btn btn-icon" [attr.aria-label]="'nav.toBin' | transloco" (click)="ask()">
        <afpi-icon name="trash" [size]="16" />
      </button>
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BinButton {
  readonly record = input.required<Binnable>();
  readonly #dialog = inject(Dialog);
  readonly #language = inject(Language);
  readonly #router = inject(Router);
  readonly #session = inject(Session);
  protected readonly may = computed(
    () => this.#session.can('corbeille:use') && this.#session.can(WRITES[this.record().kind]),
  );

  protected async ask(): Promise<void> {
    const record = this.record();
    const [{ BinDialog }] = await Promise.all([import('./bin-dialog'), this.#language.add(CORBEILLE_TEXTS)]);
    const open = (): unknown => this.#router.navigate(['/', record.kind, record.id]);
    const ref = this.#dialog.open<boolean>(BinDialog, {
      data: { record, restored: open },
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'bin-title',
    });
    if (await firstValueFrom(ref.closed)) void this.#router.navigate(['/', record.kind]);
  }
}
