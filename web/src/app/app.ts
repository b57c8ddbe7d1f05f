/** The root: a router outlet, the toasts above everything, nothing else. */
import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { Toasts } from './shared/ui/toasts';

@Component({
  selector: 'app-root',
  imports: [RouterOutlet, Toasts],
  template: `<router-outlet /><afpi-toasts />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {}
