/**
 * Offers what the CRM knows already as a new row of a list, so that nobody types it again: the contacts of the company.
 */
import {
  ChangeDetectionStrategy,
  Component,
  InjectionToken,
  Signal,
  computed,
  inject,
  input,
  output,
  resource,
  signal,
} from '@angular/core';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../api/api';
import { getEntreprise } from '../../api/fn/entreprises/get-entreprise';
import { Icon } from '../ui/icon';
import { asObject } from './edits';
import { FieldSpec, Json, JsonObject, isFilled, plain } from './schema';

/** The company whose contacts a form offers; given by the page around it. */
export const FORM_ENTREPRISE = new InjectionToken<Signal<string | null>>('FORM_ENTREPRISE', {
  factory: () => signal(null),
});

/** What a column can be filled from (`x-pick`). */
type Source = Record<'name' | 'function' | 'email' | 'phone', string>;

@Component({
  selector: 'afpi-pick-row',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon, TranslocoPipe],
  template: `
    @if (offered().length) {
      <button type="button" class="btn btn-s" [cdkMenuTriggerFor]="menu">
        <afpi-icon name="user" [size]="15" />{{ 'form.pickContact' | transloco }}
      </button>
    }
    <ng-template #menu>
      <div class="menu" cdkMenu>
        @for (contact of offered(); track $index) {
          <button type="button" class="menu-item" cdkMenuItem (cdkMenuItemTriggered)="pick.emit(row(contact))">
            <span class="stack-s"
              ><span>{{ contact.name }}</span
              ><span class="muted small">{{ detail(contact) }}</span></span
            >
          </button>
        }
      </div>
    </ng-template>
  `,
  styles: `
    :host {
      display: contents;
    }
    .menu-item .stack-s {
      gap: 1px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PickRow {
  readonly spec = input.required<FieldSpec>();
  readonly rows = input.required<Json[]>();
  readonly pick = output<JsonObject>();
  readonly #api = inject(Api);
  readonly #entreprise = inject(FORM_ENTREPRISE);

  readonly #contacts = resource({
    params: () => this.#entreprise() ?? undefined,
    loader: async ({ params }) => {
      const { contacts } = await this.#api.invoke(getEntreprise, { id: params });
      return contacts.map((contact): Source => ({
        name: [contact.firstName, contact.lastName].filter(Boolean).join(' '),
        function: contact.function ?? '',
        email: contact.email ?? '',
        phone: contact.phone ?? '',
      }));
    },
  });
  /** Those that are not in the list yet. */
  protected readonly offered = computed(() => {
    const known = new Set(this.rows().map((row) => this.#mark(asObject(row))));
    return (this.#contacts.hasValue() ? this.#contacts.value() : []).filter(
      (contact) => !known.has(this.#mark(this.row(contact))),
    );
  });

  protected row(contact: Source): JsonObject {
    const filled = this.spec().children.map(
      ({ key, pick }) => [key, pick ? contact[pick as keyof Source] : ''] as const,
    );
    return Object.fromEntries(filled.filter(([, value]) => isFilled(value)));
  }
  protected detail(contact: Source): string {
    return [contact.function, contact.email || contact.phone].filter(Boolean).join(' · ');
  }
  #mark(row: JsonObject): string {
    return this.spec()
      .children.filter(({ pick }) => pick === 'name' || pick === 'email')
      .map(({ key }) => plain(row[key]).trim().toLowerCase())
      .join('|');
  }
}
