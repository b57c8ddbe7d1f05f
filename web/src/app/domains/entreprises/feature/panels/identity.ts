/** A company's identifiers and addresses. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Entreprise } from '../../../../api/models/entreprise';
import { formatSiret } from '../../../../shared/forms/siret';
import { countryName } from '../../../../shared/i18n/countries';
import { Language } from '../../../../shared/i18n/language';
import { CountPipe } from '../../../../shared/i18n/pipes';
import { PanelContent } from '../../../../shared/panels/panels';
import { Icon } from '../../../../shared/ui/icon';

@Component({
  imports: [CountPipe, Icon, TranslocoPipe],
  templateUrl: './identity.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Identity implements PanelContent<Entreprise> {
  readonly subject = input.required<Entreprise>();
  readonly #language = inject(Language);
  protected readonly siret = formatSiret;
  protected readonly country = computed(() => countryName(this.subject().address.country, this.#language.tag()));

  /** Only web addresses become links; anything else stays text. */
  protected link(website: string): string | null {
    const full = /^https?:\/\//i.test(website) ? website : `https://${website}`;
    return URL.canParse(full) ? full : null;
  }
}
