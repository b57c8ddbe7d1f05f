/** A legal entity in the documents that it issues, also while somebody types its data. The rest of them is an example. */
import { ChangeDetectionStrategy, Component, computed, inject, input, linkedSignal, resource } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { DocumentPreview } from '../../../api/models/document-preview';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { JsonObject } from '../../../shared/schema-form/schema';
import { Failed, Loading } from '../../../shared/ui/states';
import { DocumentClient } from '../data/document-client';
import { Draft } from '../ui/draft';

@Component({
  selector: 'afpi-entite-preview',
  imports: [Draft, Failed, Loading, TranslocoPipe, TxtPipe],
  template: `
    @if (kinds.error(); as error) {
      <afpi-failed [error]="error" (retry)="kinds.reload()" />
    } @else if (!kinds.hasValue()) {
      <afpi-loading [rows]="6" />
    } @else if (kind(); as shown) {
      <div class="row">
        <select class="input" [attr.aria-label]="'documents.kind' | transloco" (change)="chosen.set(read($event))">
          @for (one of kinds.value(); track one.id) {
            <option [value]="one.id" [selected]="one.id === shown.id">{{ one.label | txt }}</option>
          }
        </select>
        @for (language of shown.languages.length > 1 ? shown.languages : []; track language) {
          <button
            type="button"
            class="btn btn-s"
            [attr.aria-pressed]="language === spoken()"
            [class.btn-primary]="language === spoken()"
            (click)="inLanguage(language)"
          >
            {{ 'documents.in.' + language | transloco }}
          </button>
        }
      </div>
      <afpi-draft [label]="shown.label | txt" [wanted]="wanted()" [draw]="draw" />
      <p class="muted small">{{ 'documents.example' | transloco }}</p>
    } @else {
      <p class="muted">{{ 'documents.noExample' | transloco }}</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 8px;
      align-content: start;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EntitePreview {
  readonly entite = input.required<{ id: string; version: number }>();
  /** The kind that is shown first. */
  readonly first = input('devis');
  /** Fields that are not saved yet. */
  readonly typed = input<JsonObject>({});

  readonly #client = inject(DocumentClient);
  readonly #id = computed(() => this.entite().id);
  protected readonly kinds = resource({
    params: () => this.#id(),
    loader: ({ params }) => this.#client.examples(params),
  });
  protected readonly chosen = linkedSignal(() => this.first());
  protected readonly language = linkedSignal({ source: this.chosen, computation: (): string | null => null });
  protected readonly kind = computed(() => {
    const all = this.kinds.hasValue() ? this.kinds.value() : [];
    return all.find(({ id }) => id === this.chosen()) ?? all[0];
  });
  protected readonly spoken = computed(() => this.language() ?? this.kind()?.languages[0] ?? '');
  protected readonly wanted = computed(() => ({
    ...this.entite(),
    kind: this.kind()?.id ?? '',
    language: this.spoken(),
    entite: this.typed(),
  }));
  protected readonly draw = ({
    id,
    kind,
    language,
    entite,
  }: ReturnType<typeof this.wanted>): Promise<DocumentPreview> => this.#client.example(id, { kind, language, entite });

  protected inLanguage(code: string): void {
    this.language.set(code);
  }

  protected read(event: Event): string {
    return (event.target as HTMLSelectElement).value;
  }
}
