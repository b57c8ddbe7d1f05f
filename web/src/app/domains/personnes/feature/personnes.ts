/** Personal data: the records of a person across the network, and the copy that this person may ask for. */
import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { searchPersonnes } from '../../../api/fn/personnes/search-personnes';
import { Personne } from '../../../api/models/personne';
import { Descriptions } from '../../../shared/columns/descriptions';
import { Download } from '../../../shared/http/download';
import { Problems } from '../../../shared/http/problem';
import { Language } from '../../../shared/i18n/language';
import { CountPipe, DayPipe } from '../../../shared/i18n/pipes';
import { Avatar } from '../../../shared/ui/avatar';
import { Icon } from '../../../shared/ui/icon';
import { queryState } from '../../../shared/ui/query-state';
import { SearchBox } from '../../../shared/ui/search-box';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { ToastStore } from '../../../shared/ui/toast-store';
import { written } from '../data/written';
import { Conservation } from './conservation';

/** Fewer characters find nobody. */
const FEWEST = 2;
/** The most records of one export. */
const MOST = 40;

@Component({
  imports: [
    Avatar,
    Conservation,
    CountPipe,
    DayPipe,
    Empty,
    Failed,
    Icon,
    Loading,
    RouterLink,
    SearchBox,
    Tab,
    Tabs,
    TranslocoPipe,
  ],
  templateUrl: './personnes.html',
  styleUrl: './personnes.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Personnes {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #download = inject(Download);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #descriptions = inject(Descriptions);
  readonly #language = inject(Language);

  protected readonly filters = queryState({ q: '', vue: 'recherche' });
  protected readonly busy = signal(false);
  protected readonly found = resource({
    params: () => {
      const { q } = this.filters.values();
      return q.trim().length < FEWEST ? undefined : { q };
    },
    loader: ({ params }) => this.#api.invoke(searchPersonnes, params),
  });
  /** The ticked records: none after another search. */
  protected readonly chosen = linkedSignal<unknown, ReadonlySet<string>>({
    source: () => (this.found.hasValue() ? this.found.value() : null),
    computation: () => new Set(),
  });
  /** How many are ticked, where they are shown. */
  protected readonly shown = computed(() => (this.filters.values().vue === 'recherche' ? this.chosen().size : 0));
  readonly #people = computed(() => (this.found.hasValue() ? this.found.value().data : []));
  protected readonly whole = computed(() => this.chosen().size > 0 && this.chosen().size === this.#most());
  readonly #most = computed(() => Math.min(this.#people().length, MOST));

  constructor() {
    void this.#descriptions.read();
  }

  protected choose(id: string, on: boolean): void {
    this.chosen.update((before) => {
      const chosen = new Set(before);
      if (on && chosen.size < MOST) chosen.add(id);
      else chosen.delete(id);
      return chosen;
    });
  }
  protected chooseAll(on: boolean): void {
    const all = this.#people().slice(0, MOST);
    this.chosen.set(new Set(on ? all.map(({ id }) => id) : []));
  }
  /** The page that shows a record; an opportunité for its trainees. */
  protected link({ kind, opens }: Personne): string[] | null {
    switch (kind) {
      case 'contact':
        return ['/entreprises', opens];
      case 'stagiaire':
        return ['/opportunites', opens];
      case 'formateur':
        return ['/formateurs', opens];
      case 'user':
        return null;
    }
  }
  /** What people call the fields that are filled in. */
  protected known({ kind, fields }: Personne): string {
    const language = this.#language.current();
    const described = this.#descriptions.fields(kind);
    // The whole name says nothing more than its parts.
    const apart = fields.filter((name) => name !== 'name' || !fields.includes('lastName'));
    const labels = apart.map((name) => described.find((field) => field.name === name)?.label[language]);
    return labels.filter(Boolean).join(', ');
  }
  protected async erase(): Promise<void> {
    const { EraseDialog } = await import('./erase-dialog');
    const ref = this.#dialog.open<boolean>(EraseDialog, {
      data: this.#ticked(),
      panelClass: 'dialog-panel',
      role: 'alertdialog',
      ariaLabelledBy: 'erase-title',
    });
    if (!(await firstValueFrom(ref.closed))) return;
    this.#toasts.done(this.#transloco.translate('personnes.erase.done'));
    this.found.reload();
  }
  /** The ticked records, and the name of the first one. */
  #ticked(): { name: string; records: Personne[] } {
    const records = this.#people().filter(({ id }) => this.chosen().has(id));
    return { name: records[0]?.name ?? '', records };
  }
  protected async export(): Promise<void> {
    const { name: who, records } = this.#ticked();
    this.busy.set(true);
    try {
      const name = `${this.#transloco.translate('nav.personnes')} ${who}.zip`;
      await this.#download.file('/api/personnes/export', name, { records: written(records) });
      this.#toasts.done(this.#transloco.translate('personnes.exported'));
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
  }
}
