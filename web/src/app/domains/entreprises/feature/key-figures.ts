/** A company at a glance: what comes next, what is under way, what was sold, what is owed. */
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { today } from '../../../shared/i18n/format';
import { CountPipe, DayPipe, Format, MoneyPipe } from '../../../shared/i18n/pipes';
import { CompanyFacts } from '../data/company-facts';
import { YearBars } from '../ui/year-bars';
import { nearest, nextTask, standing } from '../util/company';

@Component({
  selector: 'afpi-key-figures',
  imports: [CountPipe, DayPipe, MoneyPipe, RouterLink, TranslocoPipe, YearBars],
  templateUrl: './key-figures.html',
  styleUrl: './key-figures.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class KeyFigures {
  protected readonly facts = inject(CompanyFacts);
  protected readonly format = inject(Format);
  protected readonly next = computed(() =>
    this.facts.tasks.hasValue() ? nextTask(this.facts.tasks.value()) : undefined,
  );
  protected readonly standing = computed(() =>
    this.facts.deals.hasValue() ? standing(this.facts.deals.value()) : undefined,
  );
  protected readonly nearest = computed(() =>
    this.facts.sessions.hasValue() ? nearest(this.facts.sessions.value(), today()) : undefined,
  );
  protected readonly years = computed(() =>
    this.facts.revenue.hasValue()
      ? this.facts.revenue.value().map(({ year, net }) => ({
          ...{ year, value: net, text: `${year} : ${this.format.money(net, true)}` },
        }))
      : [],
  );
  protected readonly said = computed(() =>
    this.years()
      .map(({ text }) => text)
      .join(', '),
  );
}
