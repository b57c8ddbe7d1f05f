/** One place of a record's page: its panels, for as long as they have something to show. */
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
  /** What the page is about, as its panels want it. */
  readonly subject = input.required<unknown>();
  readonly #panels = inject(Panels);
  readonly #all = computed(() => this.#panels.at(this.page(), this.place()));
  protected readonly shown = computed(() => {
    const subject = this.subject();
    return this.#all().filter((panel) => panel.shown?.(subject) ?? true);
  });
}
