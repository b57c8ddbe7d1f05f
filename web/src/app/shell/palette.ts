/**
 * The command palette (Ctrl-K, `/`): finds records of all kinds, goes to pages, runs actions. `>` narrows to the actions of
 * the present record and the pages, `@` to people, `#` to what has a number.
 */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  resource,
  signal,
  viewChild,
} from '@angular/core';
import { NgTemplateOutlet } from '@angular/common';
import { DIALOG_DATA, Dialog, DialogRef } from '@angular/cdk/dialog';
import { Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../api/api';
import { search } from '../api/fn/search/search';
import { SearchHit } from '../api/models/search-hit';
import { SearchKind } from '../api/models/search-kind';
import { Session } from '../shared/auth/session';
import { Language } from '../shared/i18n/language';
import { Icon } from '../shared/ui/icon';
import { IconName } from '../shared/ui/icons';
import { PageActions } from '../shared/ui/page-actions';
import { DESTINATIONS } from './navigation';

interface Entry {
  id: string;
  icon: IconName;
  label: string;
  detail: string;
  /** The parts of label and detail that match, in UTF-16 units. */
  marks?: [number[][], number[][]];
  run: () => unknown;
}

interface Group {
  /** Translation key; none for commands. */
  label?: string;
  more?: boolean;
  entries: Entry[];
}

/** The groups of the search: their icon, their name, and the page that opens a hit. */
const KINDS: Record<SearchKind, [IconName, string, string]> = {
  opportunite: ['briefcase', 'nav.opportunites', '/opportunites'],
  entreprise: ['building', 'nav.entreprises', '/entreprises'],
  contact: ['user', 'palette.contacts', '/entreprises'],
  piece: ['receipt', 'palette.pieces', '/opportunites'],
  session: ['calendar', 'nav.sessions', '/sessions'],
  formateur: ['presentation', 'nav.formateurs', '/formateurs'],
  stagiaire: ['graduation', 'nav.stagiaires', '/opportunites'],
  user: ['users', 'nav.users', '/utilisateurs'],
};

export function openPalette(dialog: Dialog, start: string): void {
  dialog.open(Palette, {
    data: start,
    panelClass: ['dialog-panel', 'palette-panel'],
    ariaLabel: 'Palette',
    autoFocus: 'input',
  });
}

/** The kinds that a first sign narrows the search to. */
const NARROWED: Record<string, readonly SearchKind[]> = {
  '@': ['contact', 'formateur', 'stagiaire', 'user'],
  '#': ['opportunite', 'piece', 'session'],
};

const PAUSE_MS = 120;

@Component({
  imports: [Icon, NgTemplateOutlet, TranslocoPipe],
  templateUrl: './palette.html',
  styles: `
    .dialog {
      width: min(640px, calc(100vw - 24px));
    }
    .ask {
      display: flex;
      gap: 10px;
      align-items: center;
      padding: 4px 16px;
      border-bottom: 1px solid var(--border);
      color: var(--muted);
    }
    .ask input {
      flex: 1;
      min-width: 0;
      height: 46px;
      border: 0;
      outline: none;
      background: none;
      color: var(--text);
      font-size: 16px;
    }
    .results {
      max-height: min(420px, 60vh);
      padding: 6px;
      overflow-y: auto;
    }
    .results .menu-item {
      min-height: 42px;
    }
    mark {
      background: none;
      color: inherit;
      font-weight: 700;
      text-decoration: underline;
    }
    .foot {
      display: flex;
      gap: 14px;
      padding: 8px 16px;
      border-top: 1px solid var(--border);
      color: var(--muted);
      font-size: 12.5px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Palette {
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #session = inject(Session);
  readonly #language = inject(Language);
  readonly #transloco = inject(TranslocoService);
  readonly #actions = inject(PageActions);
  readonly #ref = inject<DialogRef>(DialogRef);
  protected readonly list = viewChild.required<ElementRef<HTMLElement>>('list');

  protected readonly text = signal(inject<string>(DIALOG_DATA));
  protected readonly at = signal(0);
  /** The search text for records; empty after `>`, which is for commands. */
  readonly #wanted = computed(() => (this.text().startsWith('>') ? '' : this.text().replace(/^[#@]/, '').trim()));
  readonly #settled = signal('');

  /** Commands need no server. Records do, after a pause in typing. */
  readonly #records = resource({
    params: () => (this.#settled().length >= 2 ? this.#settled() : undefined),
    loader: ({ params }) => this.#api.invoke(search, { q: params }),
    defaultValue: { ready: true, groups: [] },
  });
  protected readonly busy = computed(() => this.#records.isLoading());
  /** The displayed records belong to an earlier text. */
  readonly #stale = computed(() => this.#wanted().length >= 2 && (this.#settled() !== this.#wanted() || this.busy()));
  /** Enter was pressed before the records arrived. */
  readonly #hasty = signal(false);
  protected readonly failed = computed(() => this.#records.error() !== undefined);
  /** The index of a server that has just started is being built. */
  protected readonly early = computed(() => this.#records.hasValue() && !this.#records.value().ready);
  protected readonly groups = computed<Group[]>(() => {
    this.#language.current();
    const wanted = fold(this.text().replace(/^>/, ''));
    const narrowed = NARROWED[this.text().charAt(0)];
    const commands = narrowed
      ? []
      : this.#commands().filter((entry) => fold(`${entry.label} ${entry.detail}`).includes(wanted));
    const found =
      this.#wanted().length >= 2 && this.#settled().length >= 2 && this.#records.hasValue()
        ? this.#records.value().groups
        : [];
    const meant = narrowed ? found.filter(({ kind }) => narrowed.includes(kind)) : found;
    const records = meant.map(({ kind, hits, more }): Group => ({
      label: KINDS[kind][1],
      more,
      entries: hits.map((hit) => this.#hit(kind, hit)),
    }));
    return commands.length ? [...records, { entries: commands }] : records;
  });
  protected readonly entries = computed(() => this.groups().flatMap(({ entries }) => entries));

  constructor() {
    effect((cleanup) => {
      const text = this.#wanted();
      const timer = setTimeout(() => {
        this.#settled.set(text);
      }, PAUSE_MS);
      cleanup(() => {
        clearTimeout(timer);
      });
    });
    effect(() => {
      this.entries();
      this.at.set(0);
    });
    effect(() => {
      if (this.#hasty() && !this.#stale()) this.run(this.entries()[0]);
    });
  }

  protected typed(event: Event): void {
    this.text.set((event.target as HTMLInputElement).value);
    this.#hasty.set(false);
  }

  protected key(event: KeyboardEvent): void {
    const count = this.entries().length;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (this.at() === 0 && this.#stale()) this.#hasty.set(true);
      else this.run(this.entries()[this.at()]);
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && count) {
      event.preventDefault();
      this.at.update((at) => (at + (event.key === 'ArrowDown' ? 1 : count - 1)) % count);
      setTimeout(() => {
        this.list().nativeElement.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
      });
    }
  }

  protected run(entry: Entry | undefined): void {
    this.#hasty.set(false);
    if (!entry) return;
    this.#ref.close();
    void entry.run();
  }

  #commands(): Entry[] {
    const go = (path: string): Promise<boolean> => this.#router.navigateByUrl(path);
    const say = (key: string): string => this.#transloco.translate(key);
    const pages = DESTINATIONS.filter(({ permission }) => !permission || this.#session.can(permission)).map(
      ({ path, label, icon }): Entry => ({
        id: path,
        icon,
        label: say(label),
        detail: say('palette.page'),
        run: () => go(path),
      }),
    );
    const create: Entry[] = [];
    if (this.#session.can('opportunites:create')) {
      create.push({
        id: 'new-opp',
        icon: 'plus',
        label: say('opportunites.create'),
        detail: say('palette.action'),
        run: () => go('/opportunites/nouvelle'),
      });
    }
    if (this.#session.can('entreprises:write')) {
      create.push({
        id: 'new-ent',
        icon: 'plus',
        label: say('entreprises.create'),
        detail: say('palette.action'),
        run: () => go('/entreprises/nouvelle'),
      });
    }
    if (this.#session.can('entreprises:import')) {
      create.push({
        id: 'import',
        icon: 'file',
        label: say('palette.import'),
        detail: say('palette.action'),
        run: () => go('/imports'),
      });
    }
    const here = this.#actions
      .all()
      .map(({ id, label, run }): Entry => ({ id, icon: 'arrow-right', label, detail: say('palette.here'), run }));
    const logout: Entry = {
      id: 'logout',
      icon: 'logout',
      label: say('shell.logout'),
      detail: say('palette.action'),
      run: () => this.#session.logout(),
    };
    return [...here, ...create, ...pages, logout];
  }

  #hit(kind: SearchKind, { id, opens, title, titleMarks, detail, detailMarks }: SearchHit): Entry {
    const [icon, , path] = KINDS[kind];
    return {
      id,
      icon,
      label: title,
      detail,
      marks: [titleMarks, detailMarks],
      run: () =>
        kind === 'user'
          ? this.#router.navigate([path], { queryParams: { q: title } })
          : this.#router.navigate([path, opens]),
    };
  }

  /** A text in parts, every second of which matches. */
  protected parts(text: string, marks: number[][] | undefined): string[] {
    const cuts = [0, ...(marks ?? []).flat(), text.length];
    return cuts.slice(1).map((to, at) => text.slice(cuts[at], to));
  }
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
