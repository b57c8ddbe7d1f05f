/** The possible moves of the record: the forward move as the main button, others in a menu, blocked ones explained. */
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { TranslocoPipe } from '@jsverse/transloco';
import { FieldProblem } from '../../../api/models/field-problem';
import { Offer } from '../../../api/models/offer';
import { Format, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { IconName } from '../../../shared/ui/icons';
import { describePath } from '../util/describe';
import { WorkflowView } from '../util/workflow-view';

@Component({
  selector: 'afpi-offer-bar',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon, TranslocoPipe, TxtPipe],
  template: `
    @if (others().length) {
      <button type="button" class="btn" [cdkMenuTriggerFor]="more" [disabled]="busy()">
        <afpi-icon name="ellipsis" [size]="17" />{{ 'record.otherActions' | transloco }}
      </button>
    }
    @for (offer of answers(); track offer.transition) {
      <button type="button" class="btn" [disabled]="busy()" (click)="take.emit(offer)">
        <afpi-icon [name]="icon(offer)" [size]="16" />{{ offer.label | txt }}
      </button>
    }
    @for (offer of forward(); track offer.transition) {
      @if (offer.allowed) {
        <button type="button" class="btn" [class.btn-primary]="$first" [disabled]="busy()" (click)="take.emit(offer)">
          {{ offer.label | txt }}<afpi-icon name="arrow-right" [size]="16" />
        </button>
      } @else {
        <button
          type="button"
          class="btn"
          [cdkMenuTriggerFor]="why"
          [cdkMenuTriggerData]="{ transition: offer.transition }"
        >
          <afpi-icon name="warning" [size]="16" class="warn" />{{ offer.label | txt
          }}<span class="badge" [attr.aria-label]="'record.missing' | transloco: { n: offer.blockers.length }">{{
            offer.blockers.length
          }}</span>
        </button>
      }
    }
    <ng-template #more>
      <div class="menu" cdkMenu>
        @for (offer of others(); track offer.transition) {
          @if (offer.allowed) {
            <button type="button" class="menu-item" cdkMenuItem (cdkMenuItemTriggered)="take.emit(offer)">
              <afpi-icon [name]="icon(offer)" [size]="17" />{{ offer.label | txt }}
            </button>
          } @else {
            <button
              type="button"
              class="menu-item"
              cdkMenuItem
              [cdkMenuTriggerFor]="why"
              [cdkMenuTriggerData]="{ transition: offer.transition }"
            >
              <afpi-icon name="warning" [size]="17" class="warn" /><span class="grow">{{ offer.label | txt }}</span
              ><afpi-icon name="chevron-right" [size]="15" />
            </button>
          }
        }
      </div>
    </ng-template>
    <ng-template #why let-transition="transition">
      <div class="menu" cdkMenu>
        <span class="menu-label">{{ 'record.missingTitle' | transloco }}</span>
        @for (blocker of blockersOf(transition); track $index) {
          <button type="button" class="menu-item" cdkMenuItem (cdkMenuItemTriggered)="jump.emit(blocker)">
            <afpi-icon name="arrow-right" [size]="15" /><span class="stack-s"
              ><span>{{ blocker.message | txt }}</span>
              @if (where(blocker)) {
                <span class="muted small">{{ where(blocker) }}</span>
              }
            </span>
          </button>
        }
      </div>
    </ng-template>
  `,
  styles: `
    :host {
      display: contents;
    }
    .menu-item .stack-s {
      gap: 1px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfferBar {
  readonly offers = input.required<Offer[]>();
  readonly workflow = input.required<WorkflowView>();
  readonly busy = input(false);
  readonly take = output<Offer>();
  readonly jump = output<FieldProblem>();
  readonly #format = inject(Format);

  protected readonly forward = computed(() => {
    const forward = this.offers().filter(({ direction }) => direction === 'forward');
    return [...forward.filter(({ allowed }) => allowed), ...forward.filter(({ allowed }) => !allowed)];
  });
  /** The second answer to a question, beside the first: reject beside validate. */
  protected readonly answers = computed(() => this.offers().filter((offer) => offer.allowed && this.#answers(offer)));
  protected readonly others = computed(() =>
    this.offers().filter((offer) => offer.direction !== 'forward' && !this.answers().includes(offer)),
  );

  #answers({ direction, transition }: Offer): boolean {
    return (
      ['back', 'stop'].includes(direction) &&
      this.forward().some((forward) => this.workflow().answersTo(forward.transition, transition))
    );
  }
  /** The present ones: a menu keeps the data of its first opening. */
  protected blockersOf(transition: unknown): FieldProblem[] {
    return this.offers().find((offer) => offer.transition === transition)?.blockers ?? [];
  }
  protected where(blocker: FieldProblem): string {
    return blocker.field ? describePath(blocker.field, this.workflow(), this.#format) : '';
  }
  protected icon(offer: Offer): IconName {
    const icons = { back: 'undo', pause: 'pause', stop: 'circle-x', other: 'play', forward: 'arrow-right' } as const;
    return icons[offer.direction];
  }
}
