/** A button that takes several dossiers de preuve away as one ZIP, with its progress. */
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';
import { ArchiveRun } from '../data/archive-run';
import { Training } from '../data/preuve-client';

/** The most of one request. */
export const MOST_DOSSIERS = 50;

@Component({
  selector: 'afpi-dossiers',
  imports: [Icon, TranslocoPipe],
  template: `
    <button
      type="button"
      class="btn btn-s"
      [disabled]="run.busy() || trainings().length === 0 || trainings().length > most"
      (click)="start()"
    >
      <afpi-icon name="download" [size]="15" />{{ 'preuves.several' | transloco: { n: trainings().length } }}
    </button>
    @if (run.running(); as now) {
      <progress [max]="now.total" [value]="now.done" [attr.aria-label]="'preuves.writing' | transloco"></progress>
      <span class="muted small num" role="status">{{
        'preuves.written' | transloco: { done: now.done, total: now.total }
      }}</span>
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      flex-wrap: wrap;
      gap: 6px 10px;
      align-items: center;
    }
    progress {
      width: 120px;
      height: 8px;
    }
  `,
  providers: [ArchiveRun],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Dossiers {
  readonly trainings = input.required<readonly Training[]>();
  protected readonly run = inject(ArchiveRun);
  protected readonly most = MOST_DOSSIERS;

  protected start(): void {
    void this.run.start([...this.trainings()]);
  }
}
