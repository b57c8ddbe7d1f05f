/** Sessions that begin soon and lack trainees or trainers. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { SessionAtRisk } from '../../../api/models/session-at-risk';
import { CountPipe, DayPipe } from '../../../shared/i18n/pipes';

@Component({
  selector: 'afpi-sessions-at-risk',
  imports: [CountPipe, DayPipe, RouterLink, TranslocoPipe],
  template: `
    <div class="table-wrap">
      <table class="table" [attr.aria-label]="'pilotage.risks' | transloco">
        <thead>
          <tr>
            <th scope="col">{{ 'pilotage.begins' | transloco }}</th>
            <th scope="col">{{ 'pilotage.session' | transloco }}</th>
            <th scope="col" class="some">{{ 'pilotage.site' | transloco }}</th>
            <th scope="col" class="right some">{{ 'pilotage.trainees' | transloco }}</th>
            <th scope="col">{{ 'pilotage.lacks' | transloco }}</th>
          </tr>
        </thead>
        <tbody>
          @for (session of sessions(); track session.id) {
            <tr>
              <td class="num">{{ session.firstDay | day }}</td>
              <th scope="row">
                <a [routerLink]="['/sessions', session.id]">{{ session.title }}</a>
                <span class="muted small">{{ session.numero }}</span>
              </th>
              <td class="some">{{ session.localisation.name }}</td>
              <td class="right num some">
                {{ session.stagiaires | count }}
                @if (session.capacityMin; as fewest) {
                  <span class="muted">/ {{ fewest | count }}</span>
                }
              </td>
              <td>
                <span class="lacks">
                  @if (session.missing) {
                    <span class="chip tone-warn">{{ 'pilotage.missing' | transloco: { n: session.missing } }}</span>
                  }
                  @if (session.untaught) {
                    <span class="chip tone-bad">{{ 'pilotage.untaught' | transloco: { n: session.untaught } }}</span>
                  }
                </span>
              </td>
            </tr>
          }
        </tbody>
      </table>
    </div>
  `,
  styles: `
    tbody th {
      font-weight: 500;
    }
    tbody th .muted {
      display: block;
      font-weight: 400;
    }
    .table tr > :first-child {
      padding-left: 18px;
    }
    .lacks {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 6px;
    }
    @media (max-width: 640px) {
      .some {
        display: none;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SessionsAtRisk {
  readonly sessions = input.required<readonly SessionAtRisk[]>();
}
