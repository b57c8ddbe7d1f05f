/** The sessions of a company: those of its opportunités. */
import { ChangeDetectionStrategy, Component, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Entreprise } from '../../../../api/models/entreprise';
import { DayPipe, Format } from '../../../../shared/i18n/pipes';
import { PanelContent, PanelFrame } from '../../../../shared/panels/panels';
import { Empty, Failed, Loading } from '../../../../shared/ui/states';
import { CompanyFacts } from '../../data/company-facts';

@Component({
  imports: [DayPipe, Empty, Failed, Loading, RouterLink, TranslocoPipe],
  template: `
    @if (facts.sessions.error(); as error) {
      <div class="card-body"><afpi-failed [error]="error" (retry)="facts.sessions.reload()" /></div>
    } @else if (!facts.sessions.hasValue()) {
      <afpi-loading [rows]="4" />
    } @else {
      <ul>
        @for (one of facts.sessions.value(); track one.id) {
          <li>
            <a [routerLink]="['/sessions', one.id]">
              <span class="what"
                ><span class="strong ellipsis">{{ one.title }}</span
                ><span class="muted small ellipsis"
                  >{{ one.numero }} · {{ one.localisation.name
                  }}{{ one.formateurs[0] ? ' · ' + one.formateurs[0] : '' }}</span
                ></span
              >
              <span class="chip" [class]="one.status === 'confirmee' ? 'tone-good' : 'tone-info'">{{
                'sessions.statuses.' + one.status | transloco
              }}</span>
              <span class="num day">{{ one.firstDay | day }}</span>
            </a>
          </li>
        } @empty {
          <li>
            <afpi-empty
              icon="calendar"
              [title]="'company.noSessionYet' | transloco"
              [text]="'company.noSessionText' | transloco"
            />
          </li>
        }
      </ul>
    }
  `,
  styles: `
    ul {
      padding: 6px 0;
    }
    a {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto 88px;
      gap: 16px;
      align-items: center;
      padding: 8px 18px;
      color: inherit;
    }
    a:hover {
      background: var(--surface-2);
      text-decoration: none;
    }
    .what {
      display: grid;
      min-width: 0;
    }
    .day {
      text-align: right;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Sessions implements PanelContent<Entreprise> {
  readonly subject = input.required<Entreprise>();
  protected readonly facts = inject(CompanyFacts);

  constructor() {
    const [frame, format] = [inject(PanelFrame), inject(Format)];
    effect(() => {
      frame.badge.set(this.facts.sessions.hasValue() ? format.count(this.facts.sessions.value().length) : null);
    });
  }
}
