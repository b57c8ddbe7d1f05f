/**
 * Search and filters above a list, in one row. A filter that is set is a chip; the menu « Filtrer » adds others. A chip
 * holds a plain control, so that it is changed with the keyboard and on a phone like any other.
 */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  input,
  signal,
} from '@angular/core';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { TranslocoPipe } from '@jsverse/transloco';
import { TxtPipe } from '../i18n/pipes';
import { ClearFilters } from './clear-filters';
import { Filter } from './filter';
import { Icon } from './icon';
import { QueryState } from './query-state';
import { SearchBox } from './search-box';

@Component({
  selector: 'afpi-filter-bar',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, ClearFilters, Icon, SearchBox, TranslocoPipe, TxtPipe],
  templateUrl: './filter-bar.html',
  styleUrl: './filter-bar.scss',
  host: { class: 'filters', role: 'search' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FilterBar {
  readonly state = input.required<QueryState<string>>();
  readonly filters = input.required<readonly Filter[]>();
  /** Text key of the search box; without it there is none. */
  readonly search = input<string>();
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #injector = inject(Injector);
  /** The chip that was added and has no value yet. */
  readonly #begun = signal<string | null>(null);
  protected readonly now = computed(() => this.state().values());
  protected readonly shown = computed(() =>
    this.filters().filter(({ name }) => this.#isSet(name) || name === this.#begun()),
  );
  protected readonly further = computed(() =>
    this.filters().filter((filter) => !this.shown().includes(filter) && filter.options?.length !== 0),
  );

  #isSet(name: string): boolean {
    return this.now()[name] !== this.state().defaults[name];
  }

  protected add(filter: Filter): void {
    const { name, on } = filter;
    if (on !== undefined) this.set(filter, on);
    else this.#begun.set(name);
    this.#focus(`[data-filter="${name}"]`);
  }
  protected set({ name, clears }: Pick<Filter, 'name' | 'clears'>, value: string): void {
    this.state().set({ [name]: value, ...(clears ? { [clears]: '' } : {}) });
  }
  protected change(filter: Filter, event: Event): void {
    this.set(filter, (event.target as HTMLInputElement | HTMLSelectElement).value);
  }
  /** A chip without a value goes when somebody leaves it. */
  protected left(name: string, event: FocusEvent): void {
    const chip = event.currentTarget as HTMLElement;
    if (name === this.#begun() && !chip.contains(event.relatedTarget as Node | null)) this.#begun.set(null);
  }
  protected remove(filter: Filter): void {
    this.#begun.set(null);
    this.set(filter, this.state().defaults[filter.name] ?? '');
    this.#focus('.add');
  }

  #focus(what: string): void {
    afterNextRender(
      () => {
        this.#host.querySelector<HTMLElement>(what)?.focus();
      },
      { injector: this.#injector },
    );
  }
}
