/** The state of a run as a chip. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Run } from '../../../api/models/run';

@Component({
  selector: 'afpi-run-state',
  imports: [TranslocoPipe],
  template: `<span class="chip" [class]="tone()"
    ><i class="dot"></i><span>{{ 'connecteurs.state.' + state() | transloco }}</span></span
  >`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunState {
  readonly state = input.required<Run['state']>();
  protected readonly tone = computed(
    () =>
      ({
        queued: '',
        fetching: 'tone-primary',
        staged: 'tone-info',
        applying: 'tone-primary',
        done: 'tone-good',
        failed: 'tone-bad',
        held: 'tone-warn',
        undone: 'tone-violet',
      })[this.state()],
  );
}
