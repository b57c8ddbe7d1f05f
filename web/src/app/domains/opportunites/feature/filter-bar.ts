/** Search and filters above the list and the board. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listCommerciaux } from '../../../api/fn/users/list-commerciaux';
import { Site } from '../../../shared/auth/site';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { QueryState } from '../../../shared/ui/query-state';
import { SearchBox } from '../../../shared/ui/search-box';
import { Icon } from '../../../shared/ui/icon';
import { FilterName, KINDS, OUTCOMES } from '../data/filters';
import { WorkflowStore } from '../data/workflow-store';

@Component({
  selector: 'afpi-opportunite-filters',
  imports: [Icon, SearchBox, TranslocoPipe, TxtPipe],
  template: `
    @let now = state().values();
    <div class="filters" role="search" [class.folded]="!open()">
      <afpi-search-box
        [label]="'opportunites.search' | transloco"
        [value]="now.q"
        (searched)="state().set({ q: $event })"
      />
      <button type="button" class="btn fold" [attr.aria-expanded]="open()" (click)="open.set(!open())">
        <afpi-icon name="filter" [size]="16" />{{ 'common.filters' | transloco }}
      </button>
      <select class="input" [attr.aria-label]="'opportunites.section' | transloco" (change)="set('etape', $event)">
        <option value="">{{ 'opportunites.allSections' | transloco }}</option>
        @for (section of sections(); track section.id) {
          <option [value]="section.id" [selected]="section.id === now.etape">{{ section.label | txt }}</option>
        }
      </select>
      <select class="input" [attr.aria-label]="'opportunites.status' | transloco" (change)="set('statut', $event)">
        <option value="">{{ 'opportunites.allStatuses' | transloco }}</option>
        @for (status of statuses(); track status.id) {
          <option [value]="status.id" [selected]="status.id === now.statut">{{ status.label | txt }}</option>
        }
      </select>
      <select class="input" [attr.aria-label]="'opportunites.outcome' | transloco" (change)="set('issue', $event)">
        <option value="">{{ 'opportunites.allOutcomes' | transloco }}</option>
        @for (outcome of outcomes; track outcome) {
          <option [value]="outcome" [selected]="outcome === now.issue">{{ 'outcome.' + outcome | transloco }}</option>
        }
      </select>
      <select class="input" [attr.aria-label]="'opportunites.kind' | transloco" (change)="set('type', $event)">
        <option value="">{{ 'opportunites.allKinds' | transloco }}</option>
        @for (kind of kinds; track kind) {
          <option [value]="kind" [selected]="kind === now.type">{{ 'kind.' + kind | transloco }}</option>
        }
      </select>
      @if (people.value().length > 1) {
        <select
          class="input"
          [attr.aria-label]="'opportunites.commercial' | transloco"
          (change)="set('commercial', $event)"
        >
          <option value="">{{ 'opportunites.allCommerciaux' | transloco }}</option>
          @for (person of people.value(); track person.id) {
            <option [value]="person.id" [selected]="person.id === now.commercial">{{ person.name }}</option>
          }
        </select>
      }
      <button
        type="button"
        class="btn"
        [class.on]="now.attente"
        [attr.aria-pressed]="!!now.attente"
        (click)="state().set({ attente: now.attente ? '' : 'me' })"
      >
        <afpi-icon name="inbox" [size]="16" />{{ 'opportunites.waitsForMe' | transloco }}
      </button>
      <button
        type="button"
        class="btn"
        [class.on]="now.retard"
        [attr.aria-pressed]="!!now.retard"
        (click)="state().set({ retard: now.retard ? '' : '1' })"
      >
        <afpi-icon name="clock" [size]="16" />{{ 'opportunites.lateOnly' | transloco }}
      </button>
      @if (state().active()) {
        <button type="button" class="btn btn-quiet" (click)="state().clear()">
          <afpi-icon name="x" [size]="16" />{{ 'common.clearFilters' | transloco }}
        </button>
      }
    </div>
  `,
  styles: `
    .on {
      border-color: var(--primary);
      background: var(--primary-soft);
      color: var(--primary);
    }
    .fold {
      display: none;
    }
    @media (max-width: 640px) {
      .fold {
        display: inline-flex;
      }
      .folded select {
        display: none;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OpportuniteFilters {
  readonly state = input.required<QueryState<FilterName>>();
  readonly #api = inject(Api);
  readonly #workflow = inject(WorkflowStore);
  readonly #site = inject(Site);
  /** On a phone the filters fold behind a button. */
  protected readonly open = signal(false);
  protected readonly kinds = KINDS;
  protected readonly outcomes = OUTCOMES;
  protected readonly sections = computed(() => this.#workflow.current()?.definition.sections ?? []);
  protected readonly statuses = computed(() => {
    const section = this.state().values().etape;
    return (this.#workflow.current()?.definition.statuses ?? []).filter(
      (status) => !section || status.section === section,
    );
  });
  /** A filter whose options cannot be loaded is left out. The list itself shows that the server is away. */
  readonly #people = resource({
    params: () => this.#site.filter(),
    loader: async ({ params }) => (await this.#api.invoke(listCommerciaux, params)).data,
  });
  protected readonly people = { value: computed(() => (this.#people.hasValue() ? this.#people.value() : [])) };

  protected set(name: FilterName, event: Event): void {
    const value = (event.target as HTMLSelectElement).value;
    this.state().set(name === 'etape' ? { etape: value, statut: '' } : { [name]: value });
  }
}
