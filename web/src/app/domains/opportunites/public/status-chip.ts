/** A status as a coloured chip: the colour shows the section of the relay or the outcome, the text the rest. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Outcome } from '../../../api/models/outcome';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { WorkflowStore } from '../data/workflow-store';
import { WorkflowView } from '../util/workflow-view';

@Component({
  selector: 'afpi-status-chip',
  imports: [TxtPipe],
  template: `<span class="chip" [class]="'tone-' + tone()"
    ><i class="dot"></i><span>{{ label() | txt }}</span></span
  >`,
  styles: `
    :host {
      display: inline-flex;
      min-width: 0;
      max-width: 100%;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatusChip {
  readonly status = input.required<string>();
  readonly section = input('');
  readonly outcome = input<Outcome>('open');
  /** The record's own workflow. Default: the chosen site's. */
  readonly workflow = input<WorkflowView>();

  readonly #store = inject(WorkflowStore);
  readonly #view = computed(() => this.workflow() ?? this.#store.current());
  protected readonly label = computed(
    () => this.#view()?.statusLabel(this.status()) ?? { fr: this.status(), en: this.status() },
  );
  protected readonly tone = computed(() => {
    switch (this.outcome()) {
      case 'lost':
        return 'bad';
      case 'suspended':
        return 'warn';
      case 'done':
        return 'good';
      default: {
        const rank = this.#view()?.rank(this.section()) ?? -1;
        return rank < 0 ? 'none' : String(rank % 6);
      }
    }
  });
}
