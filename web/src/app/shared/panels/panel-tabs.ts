/** One place of a record's page as tabs: all panels are there, and one of them shows. */
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { queryState } from '../ui/query-state';
import { Tab, Tabs } from '../ui/tabs';
import { PanelView } from './panel-view';
import { Panels, Place } from './panels';

@Component({
  selector: 'afpi-panel-tabs',
  imports: [PanelView, Tab, Tabs, TranslocoPipe],
  template: `
    <section class="card">
      <div
        class="tabs"
        [afpiTabs]="chosen()"
        panel="panel-tabs"
        [attr.aria-label]="'common.views' | transloco"
        (choose)="view.set({ onglet: $event })"
      >
        @for (panel of shown(); track panel.id) {
          <button [afpiTab]="panel.id">
            {{ panel.title ?? '' | transloco }}
            @if (badges()[panel.id]; as badge) {
              <span class="badge">{{ badge }}</span>
            }
          </button>
        }
      </div>
      <div id="panel-tabs" role="tabpanel" [attr.aria-labelledby]="'tab-' + chosen()">
        @for (panel of shown(); track panel.id) {
          <div [hidden]="panel.id !== chosen()">
            <afpi-panel [panel]="panel" [subject]="subject()" [framed]="false" (badged)="badge(panel.id, $event)" />
          </div>
        }
      </div>
    </section>
  `,
  styles: `
    .tabs {
      padding: 0 18px;
    }
    .tabs button {
      display: inline-flex;
      gap: 7px;
      align-items: center;
      padding-block: 13px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PanelTabs {
  /** The page, named after its resource. */
  readonly page = input.required<string>();
  readonly place = input.required<Place>();
  /** The data of the page for its panels. */
  readonly subject = input.required<unknown>();
  readonly #panels = inject(Panels);
  protected readonly view = queryState({ onglet: '' });
  /** The number of each panel. */
  protected readonly badges = signal<Readonly<Record<string, string | null>>>({});

  protected readonly shown = computed(() => {
    const subject = this.subject();
    return this.#panels.at(this.page(), this.place()).filter((panel) => panel.shown?.(subject) ?? true);
  });
  protected readonly chosen = computed(() => {
    const asked = this.view.values().onglet;
    return (this.shown().find(({ id }) => id === asked) ?? this.shown()[0])?.id ?? '';
  });

  protected badge(panel: string, badge: string | null): void {
    this.badges.update((badges) => ({ ...badges, [panel]: badge }));
  }
}
