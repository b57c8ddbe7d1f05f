/**
 * The fields of one record that both sides changed: the earlier value, the value here, the received value, and the
 * choice.
 */
import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { RunChange } from '../../../api/models/run-change';
import { RunConflictSide } from '../../../api/models/run-conflict-side';
import { plain } from '../../../shared/schema-form/schema';
import { fieldKey } from '../util/fields';

/** A person's choice for a field. */
export interface Chosen {
  field: string;
  keep: RunConflictSide;
}

@Component({
  selector: 'afpi-run-conflicts',
  imports: [TranslocoPipe],
  template: `
    @for (line of lines(); track line.field) {
      <fieldset class="conflict stack-s">
        <legend class="strong">{{ line.label | transloco }}</legend>
        <dl>
          @if (line.before) {
            <dt>{{ 'connecteurs.conflict.before' | transloco }}</dt>
            <dd>{{ line.before }}</dd>
          }
          <dt>{{ 'connecteurs.conflict.here' | transloco }}</dt>
          <dd>
            {{ line.here || '—' }}
            @if (line.chosen === 'crm') {
              <span class="badge">{{ 'connecteurs.conflict.kept' | transloco }}</span>
            }
          </dd>
          <dt>{{ 'connecteurs.conflict.there' | transloco }}</dt>
          <dd>
            {{ line.there || '—' }}
            @if (line.chosen === 'source') {
              <span class="badge">{{ 'connecteurs.conflict.kept' | transloco }}</span>
            }
          </dd>
        </dl>
        @if (!line.chosen && open()) {
          <div class="row">
            <button
              type="button"
              class="btn btn-s"
              [disabled]="busy()"
              (click)="choose.emit({ field: line.field, keep: 'crm' })"
            >
              {{ 'connecteurs.conflict.keepHere' | transloco }}
            </button>
            <button
              type="button"
              class="btn btn-s"
              [disabled]="busy()"
              (click)="choose.emit({ field: line.field, keep: 'source' })"
            >
              {{ 'connecteurs.conflict.takeThere' | transloco }}
            </button>
          </div>
        }
      </fieldset>
    }
  `,
  styles: `
    .conflict {
      margin: 6px 0 0;
      padding: 10px 12px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
    }
    dl {
      display: grid;
      grid-template-columns: max-content minmax(0, 1fr);
      gap: 2px 12px;
      margin: 0;
    }
    dt {
      color: var(--muted);
    }
    dd {
      margin: 0;
      overflow-wrap: anywhere;
    }
    .badge {
      margin-left: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunConflicts {
  readonly change = input.required<RunChange>();
  /** Can somebody still choose? */
  readonly open = input.required<boolean>();
  readonly busy = input(false);
  readonly choose = output<Chosen>();

  protected readonly lines = computed(() =>
    Object.entries(this.change().conflicts ?? {}).map(([field, conflict]) => ({
      field,
      label: fieldKey(field),
      before: plain(conflict.before),
      here: plain(conflict.here),
      there: plain(conflict.there),
      chosen: conflict.chosen,
    })),
  );
}
