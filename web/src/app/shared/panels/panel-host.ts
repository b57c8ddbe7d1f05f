/** One place of a record's page, with the panels that have content. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { PanelView } from './panel-view';
import { Panels, Place } from './panels';

@Component({
  selector: 'afpi-panels',
  imports: [PanelView],
  template: `
    @for (panel of shown(); track panel.id) {
      <afpi-panel [panel]="panel" [subject]="subject()" />
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PanelHost {
  /** The page, named after its resource. */
  readonly page = input.required<string>();
  readonly place = input.required<Place>();
  /** The data of the page for its panels. */
  readonly subject = input.required<unknown>();
  readonly #panels = inject(Panels);
  readonly #all = computed(() => this.#panels.at(this.page(), this.place()));
  protected readonly shown = computed(() => {
    const subject = this.subject();
    return this.#all().filter((panel) => panel.shown?.(subject) ?? true);
  });
}
