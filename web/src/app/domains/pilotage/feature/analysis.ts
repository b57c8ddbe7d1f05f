/** Why opportunités were lost in the period, where those created in it come from, and which sessions ahead are at risk. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Params } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Dashboard } from '../../../api/models/dashboard';
import { Format } from '../../../shared/i18n/pipes';
import { FieldWords } from '../../opportunites/public/field-words';
import { SessionsAtRisk } from '../ui/sessions-at-risk';
import { Part, Shares } from '../ui/shares';

/** The list's filter for what nobody has said. */
const UNSAID = 'none';

@Component({
  selector: 'afpi-analysis',
  imports: [SessionsAtRisk, Shares, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="lost-title">
      <header class="card-head">
        <h2 id="lost-title">{{ 'pilotage.lost' | transloco }}</h2>
        <span class="muted small num">{{ 'pilotage.lostIn' | transloco: span() }}</span>
      </header>
      @if (lost().length) {
        <afpi-shares [parts]="lost()" />
      } @else {
        <p class="card-body muted">{{ 'pilotage.noLost' | transloco }}</p>
      }
    </section>
    <section class="card" aria-labelledby="sources-title">
      <header class="card-head">
        <h2 id="sources-title">{{ 'pilotage.sources' | transloco }}</h2>
        <span class="muted small num">{{ 'pilotage.createdIn' | transloco: span() }}</span>
      </header>
      @if (sources().length) {
        <afpi-shares [parts]="sources()" />
      } @else {
        <p class="card-body muted">{{ 'pilotage.noSources' | transloco }}</p>
      }
    </section>
    <section class="card all" aria-labelledby="risks-title">
      <header class="card-head">
        <h2 id="risks-title">{{ 'pilotage.risks' | transloco }}</h2>
        <span class="muted small">{{ 'pilotage.risksHint' | transloco }}</span>
      </header>
      @if (dashboard().sessionsAtRisk.length) {
        <afpi-sessions-at-risk [sessions]="dashboard().sessionsAtRisk" />
      } @else {
        <p class="card-body muted">{{ 'pilotage.noRisk' | transloco }}</p>
      }
    </section>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr));
      gap: 18px;
      align-items: start;
    }
    .all {
      grid-column: 1 / -1;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Analysis {
  readonly dashboard = input.required<Dashboard>();
  readonly #words = inject(FieldWords);
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);

  protected readonly span = computed(() => {
    const { first, last } = this.dashboard().period;
    return { first: this.#format.day(first), last: this.#format.day(last) };
  });
  protected readonly lost = computed<Part[]>(() => {
    const { first, last } = this.dashboard().period;
    const days = { issue: 'lost', perduDu: first, perduAu: last };
    return this.dashboard().lostReasons.map(({ reason, count, amount }) =>
      this.#part('lostReason', reason, { count, amount }, { ...days, perte: reason ?? UNSAID }),
    );
  });
  protected readonly sources = computed<Part[]>(() => {
    const { first, last } = this.dashboard().period;
    const days = { creeDu: first, creeAu: last };
    return this.dashboard().origines.map(({ origine, ...rest }) =>
      this.#part('origine', origine, rest, { ...days, source: origine ?? UNSAID }),
    );
  });

  #part(
    field: 'origine' | 'lostReason',
    word: string | null | undefined,
    numbers: Pick<Part, 'count' | 'amount' | 'won'>,
    query: Params,
  ): Part {
    const label = word ? this.#words.label(field, word) : this.#transloco.translate('opportunites.unsaid');
    return { key: word ?? UNSAID, label, ...numbers, query };
  }
}
