/** The root: a router outlet and the toasts below it. The first page takes the place of the frame in `index.html`. */
import { DOCUMENT } from '@angular/common';
import { ChangeDetectionStrategy, Component, Injector, afterNextRender, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { Toasts } from './shared/ui/toasts';

@Component({
  selector: 'app-root',
  imports: [RouterOutlet, Toasts],
  template: `<div class="page-outlet"><router-outlet (activate)="shown()" /></div>
    <afpi-toasts />`,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      height: 100vh;
      height: 100dvh;
    }
    .page-outlet {
      flex: 1;
      min-height: 0;
      overflow-y: auto;
    }
    @media print {
      :host {
        display: block;
        height: auto;
      }
      .page-outlet {
        overflow: visible;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {
  readonly #document = inject(DOCUMENT);
  readonly #injector = inject(Injector);

  protected shown(): void {
    afterNextRender(() => this.#document.getElementById('boot')?.remove(), { injector: this.#injector });
  }
}
