/** A company at a glance: what comes next, what is under way, what was sold, what is owed. */
import { ChangeDetectionStrategy, Component, Resource, Signal, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { today } from '../../../shared/i18n/format';
import { CountPipe, DayPipe, Format, MoneyPipe } from '../../../shared/i18n/pipes';
import { CompanyFacts } from '../data/company-facts';
import { KeyFigure } from '../ui/key-figure';
import { YearBars } from '../ui/year-bars';
import { nearest, nextTask, standing } from '../util/company';

@Component({
  selector: 'afpi-key-figures',
  imports: [CountPipe, DayPipe, KeyFigure, MoneyPipe, RouterLink, TranslocoPipe, YearBars],
  templateUrl: './key-figures.html',
  styleUrl: './key-figures.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class KeyFigures {
  protected readonly facts = inject(CompanyFacts);
  protected readonly format = inject(Format);
  protected readonly totals = known(this.facts.totals, (totals) => totals);
  protected readonly trainees = known(this.facts.trainees, (trainees) => trainees);
  protected readonly sessions = known(this.facts.sessions, (sessions) => sessions);
  protected readonly nearest = known(this.facts.sessions, (sessions) => nearest(sessions, today()));
  protected readonly next = known(this.facts.tasks, nextTask);
  protected readonly standing = known(this.facts.deals, standing);
  readonly #years = known(this.facts.revenue, (years) =>
    years.map(({ year, net }) => ({ year, value: net, text: `${year} : ${this.format.money(net, true)}` })),
  );
  protected readonly years = computed(() => this.#years() ?? []);
  protected readonly said = computed(() =>
    this.years()
      .map(({ text }) => text)
      .join(', '),
  );
}

/** What is made of a fact once it is there. The value of a fact that failed must not be read. */
function known<T, U>(fact: Resource<T | undefined>, make: (value: T) => U): Signal<U | undefined> {
  return computed(() => {
    const value = fact.hasValue() ? fact.value() : undefined;
    return value === undefined ? undefined : make(value);
  });
}
