/** The status of a session. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { SessionStatus } from '../../../api/models/session-status';

const TONES: Record<SessionStatus, string> = {
  prevue: 'tone-info',
  confirmee: 'tone-good',
  realisee: '',
  annulee: 'tone-bad',
};

@Component({
  selector: 'afpi-session-status',
  imports: [TranslocoPipe],
  template: `<span class="chip" [class]="'chip ' + tone()">{{ 'sessions.statuses.' + status() | transloco }}</span>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatusChip {
  readonly status = input.required<SessionStatus>();
  protected readonly tone = computed(() => TONES[this.status()]);
}
