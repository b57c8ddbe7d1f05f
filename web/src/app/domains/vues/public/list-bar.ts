/**
 * The place above a list for its views and filters. What stands there is loaded after the page shows, so that the rows
 * wait for none of it.
 */
import { NgComponentOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, Type, afterNextRender, input, signal } from '@angular/core';

@Component({
  selector: 'afpi-list-bar',
  imports: [NgComponentOutlet],
  template: `
    @if (tools(); as tools) {
      <ng-container *ngComponentOutlet="tools; inputs: inputs()" />
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 14px;
      min-height: 90px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ListBar {
  /** What stands there; `ListTools` where the list has no component of its own. */
  readonly load = input<() => Promise<Type<unknown>>>(async () => (await import('./list-tools')).ListTools);
  /** Its inputs. */
  readonly inputs = input.required<Record<string, unknown>>();
  protected readonly tools = signal<Type<unknown> | null>(null);

  constructor() {
    // Once the page is drawn: its own scripts and rows come first.
    afterNextRender(() => {
      setTimeout(() => {
        void this.#read();
      });
    });
  }

  async #read(): Promise<void> {
    this.tools.set(await this.load()());
  }
}
