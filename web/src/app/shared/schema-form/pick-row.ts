/** Offers existing records of the CRM as a new row of a list, so that nobody types them again. */
import { ChangeDetectionStrategy, Component, Injector, computed, inject, input, output, resource } from '@angular/core';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../ui/icon';
import { FORM_CONTEXT } from './context';
import { asObject } from './edits';
import { FieldSpec, Json, JsonObject, isFilled, plain } from './schema';
import { PICK_SOURCES, PickedRow } from './sources';

@Component({
  selector: 'afpi-pick-row',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon, TranslocoPipe],
  template: `
    @if (offered().length && source.value(); as source) {
      <button type="button" class="btn btn-s" [cdkMenuTriggerFor]="menu">
        <afpi-icon name="user" [size]="15" />{{ source.label | transloco }}
      </button>
    }
    <ng-template #menu>
      <div class="menu" cdkMenu>
        @for (one of offered(); track $index) {
          <button type="button" class="menu-item" cdkMenuItem (cdkMenuItemTriggered)="pick.emit(row(one))">
            <span class="stack-s"
              ><span>{{ one.title }}</span
              ><span class="muted small">{{ one.detail }}</span></span
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
  /** The name of the records in `x-pick-from`. */
  readonly from = input.required<string>();
  readonly spec = input.required<FieldSpec>();
  readonly rows = input.required<Json[]>();
  readonly pick = output<JsonObject>();
  readonly #injector = inject(Injector);
  readonly #registered = inject(PICK_SOURCES);
  readonly #context = inject(FORM_CONTEXT);

  protected readonly source = resource({
    params: () => this.#registered.find(({ name }) => name === this.from()),
    loader: async ({ params }) => this.#injector.get(await params.load()),
  });
  readonly #id = computed(() => {
    const source = this.source.hasValue() ? this.source.value() : undefined;
    return source && this.#context().about[source.about];
  });
  readonly #known = resource({
    params: () => this.#id(),
    loader: async ({ params }) => (await this.source.value()?.rows(params)) ?? [],
  });
  /** Those that are not in the list yet. */
  protected readonly offered = computed(() => {
    const known = new Set(this.rows().map((row) => this.#mark(asObject(row))));
    return (this.#known.hasValue() ? this.#known.value() : []).filter((one) => !known.has(this.#mark(this.row(one))));
  });

  protected row({ values }: PickedRow): JsonObject {
    const filled = this.spec().children.map(
      ({ key, pick }) => [key, pick === null ? '' : (values[pick] ?? '')] as const,
    );
    return Object.fromEntries(filled.filter(([, value]) => isFilled(value)));
  }
  #mark(row: JsonObject): string {
    const identity = this.source.value()?.identity ?? [];
    return this.spec()
      .children.filter(({ pick }) => pick !== null && identity.includes(pick))
      .map(({ key }) => plain(row[key]).trim().toLowerCase())
      .join('|');
  }
}
