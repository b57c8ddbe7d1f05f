/** The queue of the team for those who lead it: open work by section, and the records that stand longest. */
import { ChangeDetectionStrategy, Component, computed, inject, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getDashboard } from '../../../api/fn/dashboard/get-dashboard';
import { listOpportunites } from '../../../api/fn/opportunites/list-opportunites';
import { OpportuniteItem } from '../../../api/models/opportunite-item';
import { Site } from '../../../shared/auth/site';
import { AgePipe, CountPipe, MoneyPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Failed, Loading } from '../../../shared/ui/states';
import { SectionNames } from '../../opportunites/public/section-names';

const STUCK = 5;

@Component({
  selector: 'afpi-team',
  imports: [AgePipe, CountPipe, Failed, Loading, MoneyPipe, RouterLink, TranslocoPipe, TxtPipe],
  templateUrl: './team.html',
  styleUrl: './team.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Team {
  readonly #api = inject(Api);
  readonly #site = inject(Site);
  readonly #sections = inject(SectionNames);
  protected readonly work = resource({
    params: () => this.#site.filter(),
    loader: async ({ params }) => (await this.#api.invoke(getDashboard, params)).funnel,
  });
  protected readonly stuck = resource({
    params: () => this.#site.filter(),
    loader: ({ params }) =>
      this.#api.invoke(listOpportunites, { ...params, late: true, sort: 'sectionSince', limit: STUCK }),
  });
  protected readonly rows = computed(() => {
    const steps = this.work.hasValue() ? this.work.value() : [];
    const most = Math.max(1, ...steps.map(({ count }) => count));
    return steps.map((step) => ({
      ...step,
      label: this.#sections.label(step.section),
      inTime: ((step.count - step.late) / most) * 100,
      overdue: (step.late / most) * 100,
    }));
  });

  protected waits({ waitsOn }: OpportuniteItem): string {
    return waitsOn
      .flatMap(({ names }) => names)
      .slice(0, 2)
      .join(', ');
  }
}
