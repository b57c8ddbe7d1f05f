/** A search field that emits after a pause in typing. */
import { ChangeDetectionStrategy, Component, DestroyRef, effect, inject, input, output, signal } from '@angular/core';
import { Icon } from './icon';

const PAUSE_MS = 250;

@Component({
  selector: 'afpi-search-box',
  imports: [Icon],
  template: `
    <afpi-icon name="search" [size]="16" />
    <input
      class="input"
      type="search"
      [attr.aria-label]="label()"
      [placeholder]="label()"
      [value]="text()"
      (input)="type($event)"
    />
  `,
  styles: `
    :host {
      position: relative;
      display: block;
    }
    afpi-icon {
      position: absolute;
      top: 10px;
      left: 10px;
      color: var(--muted);
      pointer-events: none;
    }
    .input {
      width: 100%;
      max-width: none;
      padding-left: 34px;
    }
  `,
  host: { class: 'search' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SearchBox {
  readonly label = input.required<string>();
  readonly value = input('');
  readonly searched = output<string>();
  protected readonly text = signal('');
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    effect(() => {
      this.text.set(this.value());
    });
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#timer);
    });
  }

  protected type(event: Event): void {
    const text = (event.target as HTMLInputElement).value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.searched.emit(text.trim());
    }, PAUSE_MS);
  }
}
