/** How far a batch is, and what became of each of its documents. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { DocumentBatch } from '../../../api/models/document-batch';
import { DocumentBatchItem } from '../../../api/models/document-batch-item';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { progress } from '../util/batch';

@Component({
  selector: 'afpi-batch-result',
  imports: [TranslocoPipe, TxtPipe],
  template: `
    @let done = progress();
    <progress
      [value]="done.ended"
      [max]="done.total"
      [attr.aria-label]="'documents.batchProgress' | transloco"
    ></progress>
    <p role="status" class="strong">
      {{ (done.ended < done.total ? 'documents.batchRuns' : 'documents.batchDone') | transloco: done }}
    </p>
    @if (done.filed) {
      <p class="warn small">{{ 'documents.batchFiled' | transloco: { n: done.filed } }}</p>
    }
    @if (done.retrying) {
      <p class="warn small">{{ 'documents.batchRetrying' | transloco: { n: done.retrying } }}</p>
    }
    @if (done.ended < done.total) {
      <p class="muted small">{{ 'documents.batchGoesOn' | transloco }}</p>
    }
    <ul class="list">
      @for (item of batch().data; track $index) {
        <li class="row spread">
          <span class="stack-s">
            <span>{{ item.label }}</span>
            @if (item.recipients.length) {
              <span class="muted small">{{ item.recipients.join(', ') }}</span>
            }
            @if (item.problem; as problem) {
              <span class="small" [class]="item.state === 'retrying' ? 'warn' : 'bad'">{{ problem | txt }}</span>
            }
          </span>
          <span class="chip" [class]="tone(item)"
            ><span>{{ 'documents.batchStates.' + item.state | transloco }}</span></span
          >
        </li>
      }
    </ul>
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
    }
    progress {
      width: 100%;
      accent-color: var(--primary);
    }
    li {
      padding: 8px 0;
      flex-wrap: nowrap;
    }
    .stack-s {
      gap: 2px;
      min-width: 0;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BatchResult {
  readonly batch = input.required<DocumentBatch>();
  protected readonly progress = computed(() => progress(this.batch().data));

  protected tone({ state }: DocumentBatchItem): string {
    switch (state) {
      case 'sent':
        return 'tone-good';
      case 'failed':
      case 'refused':
        return 'tone-bad';
      case 'made':
      case 'filed':
      case 'retrying':
        return 'tone-warn';
      default:
        return '';
    }
  }
}
