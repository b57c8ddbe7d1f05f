/** What became of a mail: waiting, tried again and when, sent, or refused and why. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { DocumentSending } from '../../../api/models/document-sending';
import { Format, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { IconName } from '../../../shared/ui/icons';

@Component({
  selector: 'afpi-sending-status',
  imports: [Icon, TranslocoPipe, TxtPipe],
  template: `
    @let one = sending();
    <span class="small" role="status" [class]="tone()">
      <afpi-icon [name]="icon()" [size]="14" />
      {{ 'documents.sending.' + one.state | transloco: { to: one.to.join(', '), when: when() } }}
      @if (one.enclosures.length) {
        {{ 'documents.sentWith' | transloco: { names: one.enclosures.join(', ') } }}
      }
      @if (one.problem; as problem) {
        {{ problem | txt }}
      }
    </span>
  `,
  styles: `
    span {
      overflow-wrap: anywhere;
    }
    afpi-icon {
      vertical-align: -2px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SendingStatus {
  readonly sending = input.required<DocumentSending>();
  readonly #format = inject(Format);

  protected readonly tone = computed(() => {
    const { state } = this.sending();
    return state === 'failed' ? 'bad' : state === 'retrying' || state === 'filed' ? 'warn' : 'muted';
  });
  protected readonly icon = computed((): IconName => {
    switch (this.sending().state) {
      case 'failed':
        return 'circle-alert';
      case 'retrying':
        return 'warning';
      case 'sent':
        return 'circle-check';
      default:
        return 'mail';
    }
  });
  /** When it was sent, is tried again, or was asked for. */
  protected readonly when = computed(() => {
    const { sentAt, nextAt, createdAt } = this.sending();
    return this.#format.instant(sentAt ?? nextAt ?? createdAt);
  });
}

/** Will it change by itself in a moment? */
export function underWay(sending: DocumentSending | null | undefined): boolean {
  return sending?.state === 'waiting';
}
