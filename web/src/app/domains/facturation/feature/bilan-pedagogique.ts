/** The « bilan pédagogique et financier » of a legal entity: the frames that the CRM fills, and what is missing. */
import { ChangeDetectionStrategy, Component, computed, inject, resource } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getBpf } from '../../../api/fn/bpf/get-bpf';
import { listAccountingEntities } from '../../../api/fn/compta/list-accounting-entities';
import { DateInput } from '../../../shared/forms/date-input';
import { today } from '../../../shared/i18n/format';
import { CountPipe, MoneyPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { ExportButton } from '../../../shared/ui/export-button';
import { queryState } from '../../../shared/ui/query-state';
import { Failed, Loading } from '../../../shared/ui/states';

/** The frames of hours. */
const FRAMES = ['formateurs', 'stagiaires', 'objectifs', 'specialites'] as const;
const GAPS = ['status', 'objectif', 'specialite', 'presences'] as const;

@Component({
  selector: 'afpi-bilan-pedagogique',
  imports: [CountPipe, DateInput, ExportButton, Failed, FormsModule, Loading, MoneyPipe, TranslocoPipe, TxtPipe],
  templateUrl: './bilan-pedagogique.html',
  styles: `
    :host {
      display: contents;
    }
    .asked {
      display: flex;
      flex-wrap: wrap;
      gap: 12px;
      align-items: end;
    }
    .asked label {
      display: grid;
      gap: 4px;
    }
    .frames {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr));
      gap: 18px;
      align-items: start;
    }
    .line {
      width: 1%;
      white-space: nowrap;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BilanPedagogique {
  readonly #api = inject(Api);
  readonly #year = Number(today().slice(0, 4)) - 1;
  protected readonly frames = FRAMES;
  protected readonly view = queryState({ entite: '', du: `${this.#year}-01-01`, au: `${this.#year}-12-31` });
  protected readonly entities = resource({
    loader: async () => (await this.#api.invoke(listAccountingEntities)).data,
    defaultValue: [],
  });
  protected readonly entity = computed(() => this.view.values().entite || (this.entities.value()[0]?.id ?? ''));
  protected readonly asked = computed(() => {
    const { du, au } = this.view.values();
    return this.entity() && du && au ? { entiteLegaleId: this.entity(), from: du, to: au } : undefined;
  });
  protected readonly report = resource({
    params: () => this.asked(),
    loader: ({ params }) => this.#api.invoke(getBpf, params),
  });
  protected readonly gaps = computed(() => {
    const report = this.report.hasValue() ? this.report.value() : undefined;
    return report ? GAPS.map((key) => ({ key, n: report.manques[key] })).filter(({ n }) => n > 0) : [];
  });

  protected hours(minutes: number): number {
    return Math.round(minutes / 60);
  }
  protected sum(rows: { people: number; minutes: number }[], of: 'people' | 'minutes'): number {
    return rows.reduce((sum, row) => sum + row[of], 0);
  }
}
