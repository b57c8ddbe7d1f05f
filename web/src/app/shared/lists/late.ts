/** A part of a page whose code is loaded when it is first shown. */
import { NgComponentOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, OnInit, Type, input, signal } from '@angular/core';

@Component({
  selector: 'afpi-late',
  imports: [NgComponentOutlet],
  template: `
    @if (part(); as part) {
      <ng-container *ngComponentOutlet="part; inputs: inputs()" />
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Late implements OnInit {
  readonly load = input.required<() => Promise<Type<unknown>>>();
  readonly inputs = input.required<Record<string, unknown>>();
  protected readonly part = signal<Type<unknown> | null>(null);

  ngOnInit(): void {
    void this.load()().then((part) => {
      this.part.set(part);
    });
  }
}
