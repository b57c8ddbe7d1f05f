/** A button in a password field that shows what is typed: `<afpi-reveal #it><input [type]="it.type()"></afpi-reveal>`. */
import { ChangeDetectionStrategy, Component, computed, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';

@Component({
  selector: 'afpi-reveal',
  imports: [Icon, TranslocoPipe],
  template: `
    <ng-content />
    <button
      type="button"
      [attr.aria-label]="(shown() ? 'login.hide' : 'login.show') | transloco"
      [attr.aria-pressed]="shown()"
      (click)="shown.set(!shown())"
    >
      <afpi-icon [name]="shown() ? 'eye-off' : 'eye'" [size]="17" />
    </button>
  `,
  styles: `
    :host {
      position: relative;
      display: block;
    }
    :host ::ng-deep .input {
      min-height: 40px;
      padding-right: 42px;
    }
    button {
      position: absolute;
      top: 3px;
      right: 4px;
      display: grid;
      place-items: center;
      width: 32px;
      height: 30px;
      padding: 0;
      border: 0;
      background: none;
      color: var(--muted);
      cursor: pointer;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Reveal {
  protected readonly shown = signal(false);
  readonly type = computed(() => (this.shown() ? 'text' : 'password'));
}
