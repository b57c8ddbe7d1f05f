/** The root: a router outlet, the toasts below it, nothing else. */
import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { Toasts } from './shared/ui/toasts';

@Component({
  selector: 'app-root',
  imports: [RouterOutlet, Toasts],
  template: `<div class="page-outlet"><router-outlet /></div>
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
export class App {}
