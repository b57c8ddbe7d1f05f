/** What can be done with the companies that are chosen in the list: tags, kind, site, archive. */
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { updateEntreprise } from '../../../api/fn/entreprises/update-entreprise';
import { Entreprise } from '../../../api/models/entreprise';
import { EntrepriseItem } from '../../../api/models/entreprise-item';
import { EntrepriseKind } from '../../../api/models/entreprise-kind';
import { EntrepriseUpdate } from '../../../api/models/entreprise-update';
import { Site } from '../../../shared/auth/site';
import { Language } from '../../../shared/i18n/language';
import { Format } from '../../../shared/i18n/pipes';
import { BulkAction } from '../../../shared/lists/bulk-action';
import { BulkBar } from '../../../shared/lists/bulk-bar';
import { Doing, NotMeant } from '../../../shared/lists/carry-out';
import { Selection } from '../../../shared/lists/selection';
import { BULK_TEXTS } from '../data/bulk-texts';
import { KINDS } from '../util/kinds';
import { tagsIn, withTag, withoutTag } from '../util/tags';

type Action = BulkAction<EntrepriseItem>;

/** The limit of the API. */
const MOST_TAGS = 30;

@Component({
  imports: [BulkBar],
  template: `
    @if (ready()) {
      <afpi-bulk-bar [selection]="selection()" [actions]="actions()" [name]="name" />
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EntrepriseBulk {
  readonly selection = input.required<Selection<EntrepriseItem>>();
  readonly #api = inject(Api);
  readonly #site = inject(Site);
  readonly #format = inject(Format);
  readonly #language = inject(Language);
  readonly #transloco = inject(TranslocoService);
  protected readonly ready = signal(false);
  protected readonly name = ({ name }: EntrepriseItem): string => name;

  protected readonly actions = computed<Action[]>(() => {
    this.#language.current();
    const all = [this.#tag(), this.#untag(), this.#kind()];
    const sites = this.#site.mine().length > 1 ? [this.#handOver()] : [];
    return [...all, ...sites, this.#activity('archive', false), this.#activity('revive', true)];
  });

  constructor() {
    void this.#language.add(BULK_TEXTS).then(() => {
      this.ready.set(true);
    });
  }

  #say(key: string, params: Record<string, unknown> = {}): string {
    return this.#transloco.translate(`entreprisesLot.${key}`, params);
  }

  #named(id: string, icon: Action['icon']): Omit<Action, 'start'> {
    return {
      id,
      icon,
      label: this.#say(id),
      confirm: (n) => this.#say(`${id}Do`, { n: this.#format.count(n) }),
      done: (n) => this.#say(`${id}Done`, { n: this.#format.count(n) }),
    };
  }

  #tag(): Action {
    return {
      ...this.#named('tag', 'plus'),
      text: { label: this.#say('tagLabel'), known: (rows) => tagsIn(rows).slice(0, 8) },
      start: (tag) =>
        this.#edit((row) => {
          if (row.tags.length >= MOST_TAGS && withTag(row.tags, tag)) throw new NotMeant(this.#say('tooMany'));
          const tags = withTag(row.tags, tag);
          return tags ? { tags } : null;
        }),
    };
  }

  #untag(): Action {
    return {
      ...this.#named('untag', 'x'),
      choice: {
        label: this.#say('tagLabel'),
        options: (rows) => Promise.resolve(tagsIn(rows).map((tag) => ({ value: tag, label: tag }))),
      },
      start: (tag) =>
        this.#edit((row) => {
          const tags = withoutTag(row.tags, tag);
          return tags ? { tags } : null;
        }),
    };
  }

  #kind(): Action {
    return {
      ...this.#named('kind', 'building'),
      choice: {
        label: this.#transloco.translate('entreprises.field.kind'),
        options: () =>
          Promise.resolve(
            KINDS.map((kind) => ({ value: kind, label: this.#transloco.translate(`entrepriseKind.${kind}`) })),
          ),
      },
      start: (kind) => this.#edit((row) => (row.kind === kind ? null : { kind: kind as EntrepriseKind })),
    };
  }

  #handOver(): Action {
    return {
      ...this.#named('site', 'pin'),
      choice: {
        label: this.#say('site'),
        options: () => Promise.resolve(this.#site.mine().map(({ id, name }) => ({ value: id, label: name }))),
      },
      start: (localisationId) =>
        this.#edit((row) => (row.localisation.id === localisationId ? null : { localisationId })),
    };
  }

  #activity(id: 'archive' | 'revive', active: boolean): Action {
    return {
      ...this.#named(id, active ? 'undo' : 'archive'),
      ...(active ? {} : { hint: this.#say('archiveHint') }),
      start: () => this.#edit((row) => (row.active === active ? null : { active })),
    };
  }

  /** `change` says what of a company changes; its former values are the way back. */
  #edit(change: (row: EntrepriseItem) => EntrepriseUpdate | null): Doing<EntrepriseItem> {
    const update = (
      { id, version }: Pick<EntrepriseItem, 'id' | 'version'>,
      body: EntrepriseUpdate,
    ): Promise<Entreprise> => this.#api.invoke(updateEntreprise, { id, 'If-Match': `"${version}"`, body });
    return async (row) => {
      const body = change(row);
      if (!body) return null;
      const former = Object.keys(body).map((field) => [
        field,
        field === 'localisationId' ? row.localisation.id : (row[field as 'kind'] ?? null),
      ]);
      const now = await update(row, body);
      return { now, back: () => update(now, Object.fromEntries(former) as EntrepriseUpdate) };
    };
  }
}
