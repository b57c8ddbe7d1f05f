/**
 * The command palette (Ctrl-K, `/`): finds opportunités, companies and trainers, goes to pages, runs actions. `>`
 * narrows to pages and actions, `#` to opportunité numbers.
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
import { DIALOG_DATA, Dialog, DialogRef } from '@angular/cdk/dialog';
import { Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../api/api';
import { listEntreprises } from '../api/fn/entreprises/list-entreprises';
import { listFormateurs } from '../api/fn/formateurs/list-formateurs';
import { listOpportunites } from '../api/fn/opportunites/list-opportunites';
import { Session } from '../shared/auth/session';
import { formatSiret } from '../shared/forms/siret';
import { Language } from '../shared/i18n/language';
import { Format } from '../shared/i18n/pipes';
import { Icon } from '../shared/ui/icon';
import { IconName } from '../shared/ui/icons';
import { PageActions } from '../shared/ui/page-actions';
import { DESTINATIONS } from './navigation';

interface Entry {
  id: string;
  icon: IconName;
  label: string;
  detail: string;
  run: () => unknown;
}

export function openPalette(dialog: Dialog, start: string): void {
  dialog.open(Palette, {
    data: start,
    panelClass: ['dialog-panel', 'palette-panel'],
    ariaLabel: 'Palette',
    autoFocus: 'input',
  });
}

const PAUSE_MS = 180;
const FOUND = 6;

@Component({
  imports: [Icon, TranslocoPipe],
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
  readonly #format = inject(Format);
  readonly #actions = inject(PageActions);
  readonly #ref = inject<DialogRef>(DialogRef);
  protected readonly list = viewChild.required<ElementRef<HTMLElement>>('list');

  protected readonly text = signal(inject<string>(DIALOG_DATA));
  protected readonly at = signal(0);
  /** The search text for records; empty after `>`, which is for commands. */
  readonly #wanted = computed(() => (this.text().startsWith('>') ? '' : this.text().replace(/^#/, '').trim()));
  readonly #settled = signal('');

  /** Commands need no server. Records do, after a pause in typing. */
  readonly #records = resource({
    params: () => (this.#settled().length >= 2 ? this.#settled() : undefined),
    loader: ({ params }) => this.#search(params),
    defaultValue: [],
  });
  protected readonly busy = computed(() => this.#records.isLoading());
  /** The displayed records belong to an earlier text. */
  readonly #stale = computed(() => this.#wanted().length >= 2 && (this.#settled() !== this.#wanted() || this.busy()));
  /** Enter was pressed before the records arrived. */
  readonly #hasty = signal(false);
  protected readonly failed = computed(() => this.#records.error() !== undefined);
  protected readonly entries = computed<Entry[]>(() => {
    this.#language.current();
    const wanted = fold(this.text().replace(/^>/, ''));
    const commands = this.text().startsWith('#')
      ? []
      : this.#commands().filter((entry) => fold(`${entry.label} ${entry.detail}`).includes(wanted));
    const records =
      this.#wanted().length >= 2 && this.#settled().length >= 2 && this.#records.hasValue()
        ? this.#records.value()
        : [];
    return [...records, ...commands];
  });

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

  async #search(q: string): Promise<Entry[]> {
    const [opportunites, entreprises, formateurs] = await Promise.all([
      this.#api.invoke(listOpportunites, { q, limit: FOUND }),
      this.#api.invoke(listEntreprises, { q, limit: FOUND }),
      this.#session.can('formateurs:read') ? this.#api.invoke(listFormateurs, { q, limit: FOUND }) : undefined,
    ]);
    return [
      ...opportunites.data.map(({ id, title, numero, entreprise, amount }): Entry => ({
        id,
        icon: 'briefcase',
        label: title,
        detail: `${numero} · ${entreprise.name} · ${this.#format.money(amount, true)}`,
        run: () => this.#router.navigate(['/opportunites', id]),
      })),
      ...entreprises.data.map(({ id, name, siret, address }): Entry => ({
        id,
        icon: 'building',
        label: name,
        detail: [siret && formatSiret(siret), address.city].filter(Boolean).join(' · '),
        run: () => this.#router.navigate(['/entreprises', id]),
      })),
      ...(formateurs?.data ?? []).map(({ id, name, skills, localisation }): Entry => ({
        id,
        icon: 'graduation',
        label: name,
        detail: [localisation.name, ...skills].join(' · '),
        run: () => this.#router.navigate(['/formateurs', id]),
      })),
    ];
  }
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
