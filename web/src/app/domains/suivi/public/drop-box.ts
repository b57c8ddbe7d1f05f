/** The address of the drop box, to copy it. Nothing where the installation has none. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { ToastStore } from '../../../shared/ui/toast-store';
import { MailClient } from '../data/mail-client';

@Component({
  selector: 'afpi-drop-box',
  imports: [TranslocoPipe],
  template: `
    @if (address.hasValue() && address.value(); as one) {
      <section class="card" aria-labelledby="drop-box-title">
        <header class="card-head">
          <h2 id="drop-box-title">{{ 'dropBox.title' | transloco }}</h2>
        </header>
        <div class="card-body stack">
          <p class="muted">{{ 'dropBox.text' | transloco }}</p>
          <div class="stack-s">
            <label for="drop-box-address">{{ 'dropBox.address' | transloco }}</label>
            <span class="row-nowrap">
              <input id="drop-box-address" class="input grow mono" readonly [value]="one" (focus)="mark($event)" />
              <button type="button" class="btn" (click)="copy(one)">{{ 'dropBox.copy' | transloco }}</button>
            </span>
          </div>
        </div>
      </section>
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DropBox {
  readonly #client = inject(MailClient);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly address = resource({ loader: () => this.#client.address() });

  protected async copy(address: string): Promise<void> {
    await navigator.clipboard.writeText(address);
    this.#toasts.done(this.#transloco.translate('dropBox.copied'));
  }
  protected mark(event: Event): void {
    (event.target as HTMLInputElement).select();
  }
}
