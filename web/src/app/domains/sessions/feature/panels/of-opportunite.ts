/** The sessions of an opportunité, each with a link to its page. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { DayPipe } from '../../../../shared/i18n/pipes';
import { PanelContent } from '../../../../shared/panels/panels';
import { Failed, Loading } from '../../../../shared/ui/states';
import { RecordSubject } from '../../../opportunites/public/record-subject';
import { SessionClient } from '../../data/session-client';
import { StatusChip } from '../../ui/status-chip';

@Component({
  imports: [DayPipe, Failed, Loading, RouterLink, StatusChip, TranslocoPipe],
  template: `
    @if (sessions.error(); as error) {
      <div class="card-body"><afpi-failed [error]="error" (retry)="sessions.reload()" /></div>
    } @else if (!sessions.hasValue()) {
      <afpi-loading [rows]="1" />
    } @else {
      <ul class="card-body list">
        @for (session of sessions.value().data; track session.id) {
          <li>
            <span class="row spread"
              ><a [routerLink]="['/sessions', session.id]">{{ session.numero }}</a
              ><afpi-session-status [status]="session.status"
            /></span>
            <span class="muted small">
              @if (session.firstDay) {
                {{ session.firstDay | day: 'long' }}
              }
              · {{ 'sessions.people' | transloco }} : {{ session.stagiaires }}
            </span>
          </li>
        } @empty {
          <li class="muted">{{ 'sessions.noneHere' | transloco }}</li>
        }
      </ul>
    }
  `,
  styles: `
    .list {
      display: flex;
      flex-direction: column;
      gap: 10px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfOpportunite implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
  readonly #client = inject(SessionClient);
  /** Every change of the record may have changed its planning. */
  readonly #seen = computed(() => ({ id: this.subject().record.id, version: this.subject().record.version }), {
    equal: (one, two) => one.id === two.id && one.version === two.version,
  });
  protected readonly sessions = resource({
    params: () => this.#seen(),
    loader: ({ params }) => this.#client.list({ opportuniteId: params.id, limit: 20 }),
  });
}
