/**
 * Initials on a colour that stays the same for a name. The name itself is shown or announced by the surrounding text.
 */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

@Component({
  selector: 'afpi-avatar',
  template: `{{ initials() }}`,
  host: { 'aria-hidden': 'true', '[class]': '"tone-" + tone()' },
  styles: `
    :host {
      display: inline-grid;
      place-items: center;
      width: 26px;
      height: 26px;
      border-radius: 50%;
      font-size: 11px;
      font-weight: 650;
      flex: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Avatar {
  readonly name = input.required<string>();
  protected readonly initials = computed(() => {
    const words = this.name()
      .split(/[\s-]+/)
      .filter(Boolean);
    return ((words[0]?.[0] ?? '?') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase();
  });
  protected readonly tone = computed(() => [...this.name()].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6);
}
