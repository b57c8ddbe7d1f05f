/** A capability of a plugin as a sentence: the manifest's text, with its addresses, secrets, figures or fields. */
import { ChangeDetectionStrategy, Component, effect, inject, input } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { PluginCapability } from '../../../api/models/plugin-capability';
import { Descriptions } from '../../../shared/columns/descriptions';
import { Format } from '../../../shared/i18n/pipes';

@Component({
  selector: 'afpi-wish',
  template: `{{ sentence() }}
    @if (capability().params?.length) {
      <span class="muted">{{ about() }}</span>
    }`,
  styles: `
    :host {
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Wish {
  readonly capability = input.required<PluginCapability>();
  readonly #descriptions = inject(Descriptions);
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);

  constructor() {
    effect(() => {
      if (this.#queried()) void this.#descriptions.read();
    });
  }

  /** The kind of record that it queries. */
  #queried(): string | undefined {
    return /^records-query:(.+)$/.exec(this.capability().id)?.[1];
  }

  protected sentence(): string {
    const { sentence, params } = this.capability();
    const said = this.#format.text(sentence);
    return params?.length ? said.replace(/\.$/, this.#format.tag.startsWith('fr') ? '\u00a0: ' : ': ') : said;
  }

  /** `config:webhook` means the address in that setting. A field is called as people call it. */
  protected about(): string {
    const kind = this.#queried();
    const fields = kind ? this.#descriptions.fields(kind) : [];
    const words = (param: string): string => {
      const field = fields.find(({ name }) => name === param);
      if (field) return this.#format.text(field.label);
      return param.startsWith('config:')
        ? this.#transloco.translate('plugins.setting', { name: param.slice('config:'.length) })
        : param;
    };
    return (this.capability().params ?? []).map(words).join(', ');
  }
}
