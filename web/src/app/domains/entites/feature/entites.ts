/** What documents say of the legal entities and of their sites. Administrators change it, section by section. */
import { ChangeDetectionStrategy, Component, computed, inject, resource } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { EntiteLegale } from '../../../api/models/entite-legale';
import { Localisation } from '../../../api/models/localisation';
import { Session } from '../../../shared/auth/session';
import { Undo } from '../../../shared/forms/undo';
import { Format } from '../../../shared/i18n/pipes';
import { queryState } from '../../../shared/ui/query-state';
import { Failed, Loading } from '../../../shared/ui/states';
import { EntitePreview } from '../../documents/public/entite-preview';
import { EntiteClient } from '../data/entite-client';
import { SectionCard } from '../ui/section-card';
import { ENTITY, SITE, Section } from '../util/sections';
import { Logo } from './logo';
import { SectionDialog, SectionQuestion, Versioned } from './section-dialog';

@Component({
  imports: [EntitePreview, Failed, Loading, Logo, SectionCard, TranslocoPipe],
  template: `
    <div class="page">
      <header class="page-head">
        <h1>{{ 'nav.entites' | transloco }}</h1>
      </header>
      <p class="muted">{{ (editable() ? 'entites.introEdit' : 'entites.intro') | transloco }}</p>
      @if (entities.error(); as error) {
        <afpi-failed [error]="error" (retry)="entities.reload()" />
      } @else if (entities.hasValue()) {
        <nav class="filters" [attr.aria-label]="'entites.entities' | transloco">
          @for (entity of entities.value(); track entity.id) {
            <button
              type="button"
              class="btn"
              [class.btn-primary]="entity.id === chosen()?.id"
              [attr.aria-pressed]="entity.id === chosen()?.id"
              (click)="address.set({ entite: entity.id })"
            >
              {{ entity.name }}
            </button>
          }
        </nav>
        @if (chosen(); as entity) {
          <div class="stack">
            <div class="sections">
              @for (section of sections; track section.id) {
                <afpi-section-card
                  [section]="section"
                  [record]="entity"
                  [editable]="editable()"
                  (edit)="edit(section, entity)"
                >
                  @if (section.id === 'look') {
                    <afpi-logo [entity]="entity" [editable]="editable()" (changed)="entities.reload()" />
                  }
                </afpi-section-card>
              }
            </div>
            @if (editable()) {
              <section class="card" aria-labelledby="preview-title">
                <header class="card-head">
                  <h2 id="preview-title">{{ 'entites.preview' | transloco }}</h2>
                </header>
                <div class="card-body preview"><afpi-entite-preview [entite]="entity" /></div>
              </section>
            }
            <h2>{{ 'entites.sites' | transloco }}</h2>
            @if (sites.error(); as error) {
              <afpi-failed [error]="error" (retry)="sites.reload()" />
            } @else if (sites.hasValue()) {
              <div class="sections">
                @for (one of sites.value(); track one.id) {
                  <afpi-section-card
                    [section]="site"
                    [heading]="one.code + ' · ' + one.name"
                    [record]="one"
                    [editable]="editable()"
                    (edit)="editSite(one)"
                  />
                }
              </div>
            } @else {
              <section class="card"><afpi-loading [rows]="4" /></section>
            }
          </div>
        }
      } @else {
        <section class="card"><afpi-loading [rows]="8" /></section>
      }
    </div>
  `,
  styles: `
    .sections {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr));
      gap: 18px;
      align-items: start;
    }
    .preview {
      max-width: 720px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Entites {
  readonly #client = inject(EntiteClient);
  readonly #dialog = inject(Dialog);
  readonly #format = inject(Format);
  readonly #session = inject(Session);
  protected readonly sections = ENTITY;
  protected readonly site = SITE;
  protected readonly editable = computed(() => this.#session.can('entites:write'));
  protected readonly entities = resource({ loader: () => this.#client.list() });
  protected readonly address = queryState({ entite: '' });
  protected readonly chosen = computed<EntiteLegale | null>(() => {
    const all = this.entities.hasValue() ? this.entities.value() : [];
    return all.find(({ id }) => id === this.address.values().entite) ?? all[0] ?? null;
  });
  protected readonly sites = resource({
    params: () => this.chosen() ?? undefined,
    loader: ({ params }) => this.#client.sites(params),
  });

  constructor() {
    inject(Undo).afterwards(() => {
      this.#reload();
    });
  }

  protected edit(section: Section, record: EntiteLegale): Promise<void> {
    const title = `${record.name} : ${this.#format.text(section.label)}`;
    const change: SectionQuestion['change'] = (now, body) => this.#client.change(now as EntiteLegale, body);
    return this.#ask({ section, title, record, change, entite: record });
  }

  protected editSite(record: Localisation): Promise<void> {
    const change: SectionQuestion['change'] = (now: Versioned, body) =>
      this.#client.changeSite(now as Localisation, body);
    return this.#ask({ section: SITE, title: `${record.code} · ${record.name}`, record, change });
  }

  async #ask(data: SectionQuestion): Promise<void> {
    const ref = this.#dialog.open<boolean>(SectionDialog, {
      data,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'section-title',
    });
    if (await firstValueFrom(ref.closed)) this.#reload();
  }

  #reload(): void {
    this.entities.reload();
    this.sites.reload();
  }
}
