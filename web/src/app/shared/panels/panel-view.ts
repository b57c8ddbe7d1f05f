/** One panel in its frame: its heading, and its content once its code is loaded. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, output, resource } from '@angular/core';
import { NgComponentOutlet } from '@angular/common';
import { TranslocoPipe } from '@jsverse/transloco';
import { Failed, Loading } from '../ui/states';
import { Panel, PanelFrame, Panels } from './panels';

@Component({
  selector: 'afpi-panel',
  imports: [Failed, Loading, NgComponentOutlet, TranslocoPipe],
  template: `
    @if (framed() && panel().title; as title) {
      <section class="card" [attr.aria-labelledby]="id()">
        <header class="card-head">
          <h2 [id]="id()">{{ title | transloco }}</h2>
          @if (frame.badge(); as badge) {
            <span class="badge">{{ badge }}</span>
          }
        </header>
        @if (content.error(); as error) {
          <div class="card-body"><afpi-failed [error]="error" (retry)="content.reload()" /></div>
        } @else if (content.hasValue()) {
          <ng-container [ngComponentOutlet]="content.value()" [ngComponentOutletInputs]="inputs()" />
        } @else {
          <afpi-loading [rows]="3" />
        }
      </section>
    } @else if (content.error(); as error) {
      <section class="card-body" [class.card]="framed()">
        <afpi-failed [error]="error" (retry)="content.reload()" />
      </section>
    } @else if (content.hasValue()) {
      <ng-container [ngComponentOutlet]="content.value()" [ngComponentOutletInputs]="inputs()" />
    } @else {
      <section [class.card]="framed()"><afpi-loading [rows]="8" /></section>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
  providers: [PanelFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PanelView {
  readonly panel = input.required<Panel<unknown>>();
  readonly subject = input.required<unknown>();
  /** Not framed: another frame is around it. */
  readonly framed = input(true);
  readonly #panels = inject(Panels);
  /** The number beside its heading, for a frame that is around it. */
  readonly badged = output<string | null>();
  protected readonly frame = inject(PanelFrame, { self: true });
  protected readonly id = computed(() => `panel-${this.panel().id}`);
  protected readonly inputs = computed(() => ({ subject: this.subject() }));
  protected readonly content = resource({
    params: () => this.panel(),
    loader: ({ params }) => this.#panels.load(params),
  });

  constructor() {
    effect(() => {
      this.badged.emit(this.frame.badge());
    });
  }
}
