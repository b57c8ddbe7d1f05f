/** Views, search and filters above the list and the board. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import { Api } from '../../../api/api';
import { listCommerciaux } from '../../../api/fn/opportunites/list-commerciaux';
import { Text } from '../../../api/models/text';
import { Site } from '../../../shared/auth/site';
import { Columns } from '../../../shared/columns/columns';
import { Filter, FilterOption } from '../../../shared/ui/filter';
import { QueryState } from '../../../shared/ui/query-state';
import { ListTools } from '../../vues/public/list-tools';
import { FilterName, KINDS, OUTCOMES, UNSAID } from '../data/filters';
import { WorkflowStore } from '../data/workflow-store';
import { FieldWords } from '../public/field-words';

@Component({
  selector: 'afpi-opportunite-filters',
  imports: [ListTools],
  template: `
    <afpi-list-tools
      list="opportunites"
      [state]="state()"
      [columns]="columns()"
      [search]="'opportunites.search'"
      [filters]="filters()"
    />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OpportuniteFilters {
  readonly state = input.required<QueryState<FilterName>>();
  readonly columns = input<Columns>();
  readonly #api = inject(Api);
  readonly #workflow = inject(WorkflowStore);
  readonly #site = inject(Site);
  readonly #words = inject(FieldWords);
  /** A filter whose options cannot be loaded is left out. The list itself shows that the server is away. */
  readonly #people = resource({
    params: () => this.#site.filter(),
    loader: async ({ params }) => (await this.#api.invoke(listCommerciaux, params)).data,
  });
  protected readonly filters = computed<Filter[]>(() => {
    const workflow = this.#workflow.current()?.definition;
    const section = this.state().values().etape;
    const statuses = workflow?.statuses.filter((status) => !section || status.section === section) ?? [];
    const people = this.#people.hasValue() ? this.#people.value() : [];
    const named = ({ id, label }: { id: string; label: Text }): FilterOption => ({ value: id, text: label });
    const worded = (field: 'origine' | 'lostReason'): FilterOption[] => [
      ...this.#words.of(field).map(({ word, label }) => ({ value: word, text: label })),
      { value: UNSAID, label: 'opportunites.unsaid' },
    ];
    const filters: Filter[] = [
      { name: 'attente', label: 'opportunites.waitsForMe', on: 'me' },
      { name: 'retard', label: 'opportunites.lateOnly', on: '1' },
      {
        name: 'etape',
        label: 'opportunites.section',
        any: 'opportunites.allSections',
        options: workflow?.sections.map(named) ?? [],
        clears: 'statut',
      },
      { name: 'statut', label: 'opportunites.status', any: 'opportunites.allStatuses', options: statuses.map(named) },
      {
        name: 'issue',
        label: 'opportunites.outcome',
        any: 'opportunites.allOutcomes',
        options: OUTCOMES.map((outcome) => ({ value: outcome, label: 'outcome.' + outcome })),
      },
      {
        name: 'type',
        label: 'opportunites.kind',
        any: 'opportunites.allKinds',
        options: KINDS.map((kind) => ({ value: kind, label: 'kind.' + kind })),
      },
      {
        name: 'commercial',
        label: 'opportunites.commercial',
        any: 'opportunites.allCommerciaux',
        options: people.map(({ id, name }) => ({ value: id, name })),
      },
      {
        name: 'source',
        label: 'opportunites.field.origine',
        any: 'opportunites.allOrigines',
        options: worded('origine'),
      },
      {
        name: 'perte',
        label: 'opportunites.field.lostReason',
        any: 'opportunites.allLostReasons',
        options: worded('lostReason'),
      },
      { name: 'creeDu', label: 'opportunites.createdFrom', day: true },
      { name: 'creeAu', label: 'opportunites.createdTo', day: true },
      { name: 'perduDu', label: 'opportunites.lostFrom', day: true },
      { name: 'perduAu', label: 'opportunites.lostTo', day: true },
    ];
    return filters.filter(({ name }) => name !== 'commercial' || people.length > 1);
  });
}
