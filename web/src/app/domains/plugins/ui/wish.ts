/** A capability of a plugin as a sentence: the manifest's text, with its addresses, secrets or figures. */
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { PluginCapability } from '../../../api/models/plugin-capability';
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
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);

  protected sentence(): string {
    const { sentence, params } = this.capability();
    const said = this.#format.text(sentence);
    return params?.length ? said.replace(/\.$/, this.#format.tag.startsWith('fr') ? '\u00a0: ' : ': ') : said;
  }
  /** `config:webhook` means the address in that setting. */
  protected about(): string {
    const words = (param: string): string =>
      param.startsWith('config:')
        ? this.#transloco.translate('plugins.setting', { name: param.slice('config:'.length) })
        : param;
    return (this.capability().params ?? []).map(words).join(', ');
  }
}
