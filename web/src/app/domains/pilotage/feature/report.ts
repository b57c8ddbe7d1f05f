/** Everything on one page, to be read from top to bottom, printed and shared. */
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { Dashboard } from '../../../api/models/dashboard';
import { FigureStore } from '../data/figure-store';
import { Analysis } from './analysis';
import { Indicator } from './indicator';
import { Overview } from './overview';

@Component({
  imports: [Analysis, Indicator, Overview],
  template: `
    <afpi-overview [dashboard]="dashboard()" [period]="period()" />
    <afpi-indicator [dashboard]="dashboard()" />
    <afpi-analysis [dashboard]="dashboard()" />
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 18px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Report {
  readonly dashboard = input.required<Dashboard>();
  protected readonly period = inject(FigureStore).period;
}
