/** The state of an import as a chip. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Import } from '../../../api/models/import';

@Component({
  selector: 'afpi-import-state',
  imports: [TranslocoPipe],
  template: `<span class="chip" [class]="tone()"
    ><i class="dot"></i><span>{{ 'imports.states.' + state() | transloco }}</span></span
  >`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ImportState {
  readonly state = input.required<Import['state']>();
  protected readonly tone = computed(
    () =>
      ({
        uploaded: '',
        previewing: 'tone-primary',
        previewed: 'tone-info',
        applying: 'tone-primary',
        applied: 'tone-good',
        reverting: 'tone-primary',
        reverted: 'tone-violet',
        failed: 'tone-bad',
      })[this.state()],
  );
}
