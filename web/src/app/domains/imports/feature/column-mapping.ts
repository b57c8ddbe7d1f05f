/** Says into which field each column of a file goes, and what stands where it is empty; then asks for the preview. */
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  signal,
} from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { mapImport } from '../../../api/fn/imports/map-import';
import { previewImport } from '../../../api/fn/imports/preview-import';
import { Import } from '../../../api/models/import';
import { ImportDefault } from '../../../api/models/import-default';
import { ImportField } from '../../../api/models/import-field';
import { isProblem, Problems } from '../../../shared/http/problem';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { ENTITIES, written } from '../util/values';

@Component({
  selector: 'afpi-column-mapping',
  imports: [Icon, TranslocoPipe, TxtPipe],
  templateUrl: './column-mapping.html',
  styles: `
    :host {
      display: block;
    }
    .samples span {
      display: block;
      max-width: 32ch;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    td select {
      min-width: 190px;
    }
    .default {
      flex-wrap: nowrap;
    }
    .default .input {
      flex: 1 1 0;
      min-width: 0;
      max-width: 300px;
    }
    .end {
      justify-content: flex-end;
    }
    @media (max-width: 640px) {
      td select {
        min-width: 0;
        max-width: 60vw;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ColumnMapping {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly import = input.required<Import>();
  readonly fields = input.required<readonly ImportField[]>();
  /** The import while its preview is being made. */
  readonly previewed = output<Import>();
  /** Back without a change. */
  readonly left = output();

  /** The mapping's version here: it grows also when only the preview is refused. */
  readonly #version = linkedSignal(() => this.import().version);
  protected readonly busy = signal(false);
  protected readonly refusal = signal<string[]>([]);
  protected readonly chosen = linkedSignal(() => this.import().columns.map(({ field }) => field ?? ''));
  protected readonly defaults = linkedSignal<ImportDefault[]>(() =>
    Object.entries(this.import().defaults as Record<string, unknown>).map(([field, value]) => ({
      field,
      value: written(this.fieldOf(field), value),
    })),
  );
  protected readonly groups = computed(() =>
    [false, true]
      .map((contact) => ({
        label: contact ? 'imports.columns.contact' : `imports.entity.${ENTITIES[this.import().kind]}`,
        fields: this.fields().filter((field) => field.contact === contact),
      }))
      .filter(({ fields }) => fields.length),
  );

  protected fieldOf(name: string): ImportField | undefined {
    return this.fields().find((field) => field.name === name);
  }
  /** The fields that may have a default value and have none yet, and this one. */
  protected free(name: string): ImportField[] {
    const taken = this.defaults().map(({ field }) => field);
    return this.fields().filter((field) => field.default && (field.name === name || !taken.includes(field.name)));
  }
  protected map(at: number, field: string): void {
    this.chosen.update((all) => all.map((before, index) => (index === at ? field : before)));
  }
  protected addDefault(): void {
    const [first] = this.free('');
    if (first) this.defaults.update((all) => [...all, { field: first.name, value: '' }]);
  }
  protected setDefault(at: number, given: ImportDefault): void {
    this.defaults.update((all) => all.map((before, index) => (index === at ? given : before)));
  }
  protected removeDefault(at: number): void {
    this.defaults.update((all) => all.filter((_, index) => index !== at));
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    this.busy.set(true);
    this.refusal.set([]);
    const { id } = this.import();
    try {
      const { version } = await this.#api.invoke(mapImport, {
        id,
        'If-Match': `"${this.#version()}"`,
        body: { columns: this.chosen().map((field) => ({ field: field || null })), defaults: this.defaults() },
      });
      this.#version.set(version);
      this.previewed.emit(await this.#api.invoke(previewImport, { id }));
    } catch (error) {
      const named = isProblem(error) ? [...new Set(error.fields.values())] : [];
      this.refusal.set(named.length ? named : [this.#problems.message(error)]);
    } finally {
      this.busy.set(false);
    }
  }
}
