/** The possible moves of a card as a list; this is how the keyboard moves a card. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Offer } from '../../../../api/models/offer';
import { Opportunite } from '../../../../api/models/opportunite';
import { TxtPipe } from '../../../../shared/i18n/pipes';
import { Icon } from '../../../../shared/ui/icon';

export interface MoveQuestion {
  record: Opportunite;
  offers: Offer[];
}

@Component({
  imports: [Icon, RouterLink, TranslocoPipe, TxtPipe],
  template: `
    <div class="dialog">
      <header>
        <h2 id="move-title">{{ 'board.moveTitle' | transloco }}</h2>
      </header>
      <div class="body">
        <p class="muted">{{ question.record.numero }} · {{ question.record.title }}</p>
        @for (offer of question.offers; track offer.transition) {
          @if (offer.allowed) {
            <button type="button" class="btn choice" (click)="ref.close(offer)">
              <span class="grow">{{ offer.label | txt }}</span><afpi-icon name="arrow-right" [size]="16" />
            </button>
          } @else {
            <div class="blocked">
              <p class="row-nowrap"><afpi-icon name="warning" [size]="16" class="warn" />{{ offer.label | txt }}</p>
              <ul>
                @for (blocker of offer.blockers; track $index) {
                  <li class="small muted">{{ blocker.message | txt }}</li>
                }
              </ul>
            </div>
          }
        } @empty {
          <p>{{ 'board.noMove' | transloco }}</p>
        }
      </div>
      <footer>
        <a class="btn" [routerLink]="['/opportunites', question.record.id]" (click)="ref.close(undefined)">{{
          'board.open' | transloco
        }}</a>
        <button type="button" class="btn" (click)="ref.close(undefined)">{{ 'common.cancel' | transloco }}</button>
      </footer>
    </div>
  `,
  styles: `
    .choice {
      justify-content: flex-start;
      text-align: left;
      white-space: normal;
    }
    .blocked {
      padding: 9px 14px;
      border: 1px dashed var(--border);
      border-radius: var(--radius);
    }
    .blocked ul {
      padding-left: 26px;
      list-style: disc;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MoveDialog {
  protected readonly question = inject<MoveQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<Offer | undefined>>(DialogRef);
}
