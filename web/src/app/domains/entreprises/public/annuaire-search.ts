/**
 * Proposes companies of directories elsewhere while a new one is typed, and fills in the form with the chosen one. Shows
 * nothing where no plugin searches a directory.
 */
import { ChangeDetectionStrategy, Component, computed, inject, input, output, resource, signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { AbstractControl } from '@angular/forms';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { debounceTime, map, startWith, switchMap } from 'rxjs';
import { Api } from '../../../api/api';
import { searchAnnuaire } from '../../../api/fn/entreprises/search-annuaire';
import { Annuaire } from '../../../api/models/annuaire';
import { AnnuaireEntreprise } from '../../../api/models/annuaire-entreprise';
import { digits, formatSiret } from '../../../shared/forms/siret';
import { Language } from '../../../shared/i18n/language';
import { Icon } from '../../../shared/ui/icon';
import { ANNUAIRE_TEXTS } from '../data/annuaire-texts';
import { Searched, fill, searchedIn } from '../data/annuaire-fill';

/** Typing pauses this long before a directory is asked: it takes seven requests a second from everybody here. */
const PAUSE_MS = 450;
const NOTHING: Annuaire = { sources: [], data: [] };

@Component({
  selector: 'afpi-annuaire-search',
  imports: [Icon, RouterLink, TranslocoPipe],
  template: `
    @if (ready() && offered(); as names) {
      <div class="stack-s" aria-live="polite" [attr.aria-busy]="searching()">
        @if (taken(); as company) {
          <div class="notice notice-good">
            <afpi-icon name="circle-check" class="good" />
            <div class="grow stack-s">
              <p>{{ 'annuaire.filled' | transloco: { source: nameOf(company) } }}</p>
              @if (company.closed) {
                <p class="strong">{{ 'annuaire.closed' | transloco }}</p>
              }
              @if (company.headcount; as count) {
                <p>
                  {{
                    (count.most === null || count.most === undefined ? 'annuaire.headcountOver' : 'annuaire.headcount')
                      | transloco: { least: count.least, most: count.most }
                  }}
                </p>
              }
              @if (company.idcc.length > 1) {
                <p>{{ 'annuaire.agreements' | transloco: { codes: company.idcc.join(', ') } }}</p>
              }
              @if (proposal(); as opco) {
                <p>
                  {{ 'annuaire.opco' | transloco: { name: opco.name, idcc: opco.idcc } }}
                  <button type="button" class="btn-link" (click)="confirm(opco.name)">
                    {{ 'annuaire.opcoTake' | transloco: { name: opco.name } }}
                  </button>
                  <span class="small muted source">{{
                    'annuaire.opcoSource' | transloco: { source: opco.source[language.current()], date: opco.dated }
                  }}</span>
                </p>
              }
            </div>
          </div>
        } @else if (found().data.length) {
          <div class="notice">
            <afpi-icon name="search" />
            <div class="grow stack-s">
              <p class="strong">{{ 'annuaire.found' | transloco: { source: names } }}</p>
              <ul>
                @for (company of found().data; track company.siret) {
                  <li>
                    <span class="grow">
                      <span class="strong">{{ company.name }}</span>
                      <span class="small">{{ detail(company) }}</span>
                      @if (company.closed) {
                        <span class="small warn">{{ 'annuaire.closed' | transloco }}</span>
                      }
                    </span>
                    @if (company.existing; as known) {
                      @if (known.id; as id) {
                        <span class="small">{{ 'annuaire.known' | transloco }}</span>
                        @if (choosing()) {
                          <button
                            type="button"
                            class="btn-link"
                            (click)="existing.emit({ id, name: known.name ?? '' })"
                          >
                            {{ 'annuaire.take' | transloco: { name: known.name } }}
                          </button>
                        } @else {
                          <a [routerLink]="['/entreprises', id]">{{
                            'annuaire.open' | transloco: { name: known.name }
                          }}</a>
                        }
                      } @else {
                        <span class="small">{{ 'annuaire.elsewhere' | transloco }}</span>
                      }
                    } @else {
                      <button
                        type="button"
                        class="btn btn-s"
                        [attr.aria-label]="
                          'annuaire.fillWith' | transloco: { name: company.name, siret: siretOf(company) }
                        "
                        (click)="take(company)"
                      >
                        {{ 'annuaire.fill' | transloco }}
                      </button>
                    }
                  </li>
                }
              </ul>
            </div>
          </div>
        } @else if (unknown()) {
          <p class="field-hint">{{ 'annuaire.none' | transloco: { source: names } }}</p>
        } @else if (!searching() && !problems().length) {
          <p class="field-hint">{{ 'annuaire.hint' | transloco: { source: names } }}</p>
        }
        @for (problem of problems(); track problem) {
          <p class="field-hint">{{ problem }}</p>
        }
      </div>
    }
  `,
  styles: `
    :host:empty {
      display: none;
    }
    ul {
      display: grid;
      gap: 8px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 12px;
      align-items: center;
    }
    .grow {
      display: flex;
      flex-wrap: wrap;
      gap: 0 8px;
      align-items: baseline;
      min-width: min(100%, 240px);
    }
    div.grow {
      display: grid;
      gap: 6px;
    }
    .source {
      display: block;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AnnuaireSearch {
  /** A group with `name`, `siret` and `address`; filled are the fields that it has. */
  readonly form = input.required<AbstractControl>();
  /** The site that the company is for: its plugins are asked. Without one, nothing is. */
  readonly site = input.required<string | null>();
  /** Does a click on a known company choose it instead of opening it? */
  readonly choosing = input(false);
  readonly existing = output<{ id: string; name: string }>();
  readonly chosen = output<AnnuaireEntreprise>();

  readonly #api = inject(Api);
  protected readonly language = inject(Language);
  protected readonly ready = signal(false);
  readonly #taken = signal<AnnuaireEntreprise | null>(null);
  /** What the form says, told again after each change. */
  readonly #value = toSignal(
    toObservable(this.form).pipe(
      switchMap((form) =>
        form.valueChanges.pipe(
          startWith(null),
          map(() => ({
            siret: digits((form.get('siret')?.value as string | null) ?? ''),
            opco: (form.get('opco')?.value as string | undefined) ?? null,
          })),
        ),
      ),
    ),
  );
  readonly #settled = toSignal(
    toObservable(this.form).pipe(
      switchMap((form) =>
        form.valueChanges.pipe(
          startWith(null),
          debounceTime(PAUSE_MS),
          map(() => searchedIn(form)),
        ),
      ),
    ),
    { equal: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );

  readonly #sources = resource({
    params: () => this.site() ?? undefined,
    loader: ({ params }) => this.#ask(params, null),
    defaultValue: NOTHING,
  });
  /** The names of the directories; `null` when there is none. */
  protected readonly offered = computed(() => {
    const names = this.#sources.value().sources.map(({ name }) => name[this.language.current()]);
    return names.length ? names.join(', ') : null;
  });
  readonly #found = resource({
    params: () => {
      const [searched, site] = [this.#settled(), this.site()];
      return searched && site && this.offered() && !this.taken() ? { searched, site } : undefined;
    },
    loader: ({ params }) => this.#ask(params.site, params.searched),
    defaultValue: NOTHING,
  });
  protected readonly found = this.#found.value;
  protected readonly searching = this.#found.isLoading;
  /** The chosen company, until the form has another SIRET. */
  protected readonly taken = computed(() => {
    const taken = this.#taken();
    return taken && taken.siret === this.#value()?.siret ? taken : null;
  });
  /** A whole SIRET was typed, every directory answered, and none knows it. A request that failed has no source. */
  protected readonly unknown = computed(
    () =>
      this.#settled()?.byName === false &&
      this.#found.status() === 'resolved' &&
      !this.found().data.length &&
      this.found().sources.length > 0 &&
      this.found().sources.every(({ problem }) => !problem),
  );
  protected readonly problems = computed(() => {
    const lang = this.language.current();
    return this.found().sources.flatMap(({ name, problem }) => (problem ? [`${name[lang]} : ${problem[lang]}`] : []));
  });
  /** The OPCO that is proposed, until the form has one. */
  protected readonly proposal = computed(() => {
    const opco = this.#value()?.opco;
    return opco === '' ? (this.taken()?.opco ?? null) : null;
  });

  constructor() {
    void this.language.add(ANNUAIRE_TEXTS).then(() => {
      this.ready.set(true);
    });
  }

  protected take(company: AnnuaireEntreprise): void {
    this.#taken.set(company);
    fill(this.form(), company, this.#settled()?.byName ?? false);
    this.chosen.emit(company);
  }
  protected confirm(opco: string): void {
    const control = this.form().get('opco');
    control?.setValue(opco);
    control?.markAsDirty();
  }
  protected nameOf(company: AnnuaireEntreprise): string {
    const source = this.#sources.value().sources.find(({ plugin }) => plugin === company.source);
    return source?.name[this.language.current()] ?? '';
  }
  protected siretOf(company: AnnuaireEntreprise): string {
    return formatSiret(company.siret);
  }
  protected detail({ address, siret }: AnnuaireEntreprise): string {
    return [[address.postcode, address.city].filter(Boolean).join(' '), formatSiret(siret)].filter(Boolean).join(' · ');
  }

  async #ask(site: string, searched: Searched | null): Promise<Annuaire> {
    const { q, codePostal } = searched ?? {};
    try {
      return await this.#api.invoke(searchAnnuaire, {
        localisationId: site,
        ...(q ? { q } : {}),
        ...(codePostal ? { codePostal } : {}),
      });
    } catch {
      // Help that cannot be given stops nobody.
      return NOTHING;
    }
  }
}
