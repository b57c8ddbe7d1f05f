/**
 * Cells of a list that are edited where they stand, marked by `data-edit` with the name of their field. The arrows move
 * from cell to cell, `F2`, Enter and a double click begin; the editor is loaded with the first one.
 */
import {
  ApplicationRef,
  ComponentRef,
  Directive,
  ElementRef,
  EnvironmentInjector,
  Injector,
  createComponent,
  inject,
  input,
} from '@angular/core';
import { PagedList } from '../http/paged-list';
import type { CellEditor, Leaving } from './cell-editor';
import { CellFields } from './cell-field';
import { Row } from './selection';

/** What a list needs for it: the names of its fields, none for who may not edit, and how they are loaded. */
export interface Cells<T extends Row> {
  names: readonly string[];
  load: (injector: Injector) => Promise<CellFields<T>>;
}

type Loaded<T extends Row> = [typeof import('./cell-editor'), CellFields<T>];

@Directive({
  selector: 'table[afpiCells]',
  host: { '(keydown)': 'key($event)', '(dblclick)': 'doubled($event)' },
})
export class EditableCells<T extends Row & { version: number }, P extends object> {
  readonly afpiCells = input.required<Cells<T>>();
  readonly list = input.required<PagedList<T, P>>();
  readonly #table = inject<ElementRef<HTMLTableElement>>(ElementRef).nativeElement;
  readonly #app = inject(ApplicationRef);
  readonly #injector = inject(Injector);
  readonly #environment = inject(EnvironmentInjector);
  #loaded: Loaded<T> | null = null;
  #editor: ComponentRef<CellEditor<T>> | null = null;

  protected key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || target.closest('afpi-cell-editor')) return;
    const cell = target.closest<HTMLElement>('td');
    const here = cell === target;
    if (!cell || !(here || target.matches('.main a'))) return;
    if ((event.key === 'F2' || (event.key === 'Enter' && here)) && this.#editable(cell)) void this.#edit(cell);
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft')
      this.#sideways(cell, event.key === 'ArrowRight' ? 1 : -1);
    else if (here && (event.key === 'ArrowDown' || event.key === 'ArrowUp'))
      this.#upwards(cell, event.key === 'ArrowDown' ? 1 : -1);
    else if (here && event.key === 'Escape') focus(cell.closest('tr')?.querySelector('.main'));
    else return;
    event.preventDefault();
  }

  protected doubled(event: MouseEvent): void {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('td');
    if (cell && this.#editable(cell)) void this.#edit(cell);
  }

  #editable(cell: HTMLElement): boolean {
    return this.afpiCells().names.includes(cell.dataset['edit'] ?? '');
  }

  /** The cells of a row that have a focus: the first one, by its link, and those that can be edited. */
  #stops(row: Element | null | undefined): HTMLElement[] {
    return [...(row?.querySelectorAll<HTMLElement>('td.main, td[data-edit]') ?? [])];
  }

  #sideways(cell: HTMLElement, by: 1 | -1): void {
    const stops = this.#stops(cell.closest('tr'));
    focus(stops[stops.indexOf(cell) + by]);
  }

  #upwards(cell: HTMLElement, by: 1 | -1): void {
    const rows = this.#rows();
    const row = rows[rows.findIndex((one) => one.contains(cell)) + by];
    focus(row?.querySelector(`td[data-edit="${cell.dataset['edit'] ?? ''}"]`));
  }

  #rows(): HTMLTableRowElement[] {
    return [...this.#table.querySelectorAll<HTMLTableRowElement>('tr[data-row]')];
  }

  async #edit(cell: HTMLElement): Promise<void> {
    const at = this.#rows().findIndex((row) => row.contains(cell));
    const row = this.list().items()[at];
    // Once loaded it opens within the key itself: the next key already belongs to it.
    const [{ CellEditor: Editor }, fields] = this.#loaded ?? (await this.#load());
    const field = fields[cell.dataset['edit'] ?? ''];
    if (!row || !field || !cell.isConnected) return;
    this.#close();
    const host = document.createElement('afpi-cell-editor');
    cell.append(host);
    const editor = createComponent<CellEditor<T>>(Editor, {
      hostElement: host,
      environmentInjector: this.#environment,
      elementInjector: this.#injector,
    });
    editor.setInput('row', row);
    editor.setInput('field', field);
    editor.setInput('list', this.list());
    editor.instance.left.subscribe((how) => {
      if (this.#editor !== editor) return;
      this.#close();
      this.#leave(cell, how);
    });
    this.#editor = editor;
    this.#app.attachView(editor.hostView);
    editor.changeDetectorRef.detectChanges();
    editor.instance.begin();
  }

  async #load(): Promise<Loaded<T>> {
    this.#loaded = await Promise.all([import('./cell-editor'), this.afpiCells().load(this.#injector)]);
    return this.#loaded;
  }

  #leave(cell: HTMLElement, how: Leaving): void {
    if (how === 'down') {
      focus(cell);
      this.#upwards(cell, 1);
    } else if (how === 'next' || how === 'before') {
      const stops = this.#rows().flatMap((row) => this.#stops(row));
      const to = stops[stops.indexOf(cell) + (how === 'next' ? 1 : -1)];
      focus(to ?? cell);
    } else if (how === 'stay') focus(cell);
  }

  #close(): void {
    const editor = this.#editor;
    this.#editor = null;
    if (!editor) return;
    const host = editor.location.nativeElement as HTMLElement;
    editor.destroy();
    host.remove();
  }
}

function focus(cell: Element | null | undefined): void {
  const stop = cell?.matches('.main') ? cell.querySelector<HTMLElement>('a') : (cell as HTMLElement | null | undefined);
  stop?.focus();
  stop?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
