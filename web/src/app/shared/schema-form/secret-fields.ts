/** Secrets can be written but are never shown: each one shows whether it is set, and can be replaced or deleted. */
import { ChangeDetectionStrategy, Component, input, model } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { SecretSlot } from '../../api/models/secret-slot';
import { TxtPipe } from '../i18n/pipes';
import { Icon } from '../ui/icon';

/** New values by name; `null` erases; an absent name stays as it is. */
export type SecretChanges = Record<string, string | null>;

@Component({
  selector: 'afpi-secret-fields',
  imports: [Icon, TranslocoPipe, TxtPipe],
  template: `
    @if (slots().length) {
      <div class="form-grid">
        @for (slot of slots(); track slot.name) {
          @let change = changes()[slot.name];
          <div class="field">
            <label [attr.for]="'secret-' + slot.name">{{ slot.label | txt }}</label>
            <input
              class="input"
              type="password"
              autocomplete="new-password"
              [id]="'secret-' + slot.name"
              [disabled]="locked()"
              [value]="change ?? ''"
              [attr.aria-describedby]="'secret-' + slot.name + '-hint'"
              [placeholder]="change === null ? '' : slot.set ? '••••••••••••' : ''"
              (input)="write(slot.name, $event)"
            />
            <span class="field-hint row" [id]="'secret-' + slot.name + '-hint'">
              @if (change === null) {
                <span class="warn">{{ 'secrets.willErase' | transloco }}</span><button
                  type="button"
                  class="btn-link"
                  (click)="keep(slot.name)"
                >
                  {{ 'common.cancel' | transloco }}
                </button>
              } @else if (slot.set) {
                <span><afpi-icon name="shield" [size]="13" class="good" /> {{ 'secrets.set' | transloco }}</span>
                @if (!locked()) {
                  <button type="button" class="btn-link" (click)="erase(slot.name)">
                    {{ 'secrets.erase' | transloco }}
                  </button>
                }
              } @else {
                <span>{{ 'secrets.unset' | transloco }}</span>
              }
            </span>
          </div>
        }
      </div>
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SecretFields {
  readonly slots = input.required<SecretSlot[]>();
  readonly changes = model.required<SecretChanges>();
  readonly locked = input(false);

  protected write(name: string, event: Event): void {
    const value = (event.target as HTMLInputElement).value;
    if (value === '') this.keep(name);
    else this.changes.set({ ...this.changes(), [name]: value });
  }
  protected erase(name: string): void {
    this.changes.set({ ...this.changes(), [name]: null });
  }
  protected keep(name: string): void {
    const { [name]: _, ...rest } = this.changes();
    this.changes.set(rest);
  }
}
