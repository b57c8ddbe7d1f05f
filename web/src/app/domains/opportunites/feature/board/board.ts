/**
 * The board: a column per section or status with count and amount, cards with age. A card is moved by drag or by its
 * menu “Déplacer…”. In both cases the server's offers decide what is possible, and its decision gives the new column.
 */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  Type,
  computed,
  effect,
  inject,
  signal,
  untracked,
} from '@angular/core';
import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Dialog } from '@angular/cdk/dialog';
import { CdkDrag, CdkDragDrop, CdkDropList, CdkDropListGroup } from '@angular/cdk/drag-drop';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { KanbanColumn } from '../../../../api/models/kanban-column';
import { Offer } from '../../../../api/models/offer';
import { OpportuniteItem } from '../../../../api/models/opportunite-item';
import { Text } from '../../../../api/models/text';
import { Can } from '../../../../shared/auth/can';
import { Site } from '../../../../shared/auth/site';
import { Problems } from '../../../../shared/http/problem';
import { CountPipe, Format, MoneyPipe, TxtPipe } from '../../../../shared/i18n/pipes';
import { Avatar } from '../../../../shared/ui/avatar';
import { Icon } from '../../../../shared/ui/icon';
import { Failed, Loading } from '../../../../shared/ui/states';
import { recall, remember } from '../../../../shared/ui/storage';
import { ListBar } from '../../../vues/public/list-bar';
import { opportuniteFilters, toQuery } from '../../data/filters';
import { Moves } from '../moves';
import { OpportuniteClient } from '../../data/opportunite-client';
import { WorkflowStore } from '../../data/workflow-store';
import { AgeBadge } from '../../public/age-badge';
import { StatusChip } from '../../public/status-chip';
import { ViewSwitch } from '../../ui/view-switch';
import { WaitsOnView } from '../../ui/waits-on';
import { BoardStore, GroupBy } from './board-store';
import type { MoveQuestion } from './move-dialog';

const KEY = 'afpi.board.group';
/** Ids of the columns that are folded, between commas. */
const FOLDED = 'afpi.board.folded';
const GROUPINGS = ['section', 'status', 'localisation', 'commercial'] as const;
/** Touch must be held this long before a drag starts, so that scrolling still works. */
const TOUCH_DELAY = { touch: 200, mouse: 0 };

@Component({
  imports: [
    ListBar,
    AgeBadge,
    Avatar,
    Can,
    CdkDrag,
    CdkDropList,
    CdkDropListGroup,
    CountPipe,
    Failed,
    Icon,
    Loading,
    MoneyPipe,
    RouterLink,
    StatusChip,
    TranslocoPipe,
    TxtPipe,
    ViewSwitch,
    WaitsOnView,
  ],
  templateUrl: './board.html',
  styleUrl: './board.scss',
  providers: [BoardStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Board {
  readonly #site = inject(Site);
  readonly #gone = inject(DestroyRef);
  readonly #dialog = inject(Dialog);
  readonly #client = inject(OpportuniteClient);
  readonly #moves = inject(Moves);
  readonly #problems = inject(Problems);
  readonly #announcer = inject(LiveAnnouncer);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  readonly #workflow = inject(WorkflowStore);
  protected readonly board = inject(BoardStore);
  protected readonly filters = opportuniteFilters();
  protected readonly bar = async (): Promise<Type<unknown>> => (await import('../filter-bar')).OpportuniteFilters;
  protected readonly groupings = GROUPINGS;
  protected readonly groupBy = signal<GroupBy>(GROUPINGS.find((by) => by === recall(KEY)) ?? 'section');
  /** A card moves between sections and statuses. Its site and its owner are changed on its page. */
  protected readonly moving = computed(() => this.groupBy() === 'section' || this.groupBy() === 'status');
  protected readonly folded = signal((recall(FOLDED) ?? '').split(',').filter(Boolean));
  protected readonly delay = TOUCH_DELAY;
  protected readonly total = computed(() => (this.board.columns() ?? []).reduce((sum, { count }) => sum + count, 0));

  constructor() {
    effect(() => {
      const query = toQuery(this.filters.values(), this.#site.filter());
      const groupBy = this.groupBy();
      untracked(() => {
        this.board.show(query, groupBy);
      });
    });
  }

  protected group(by: GroupBy): void {
    this.groupBy.set(by);
    remember(KEY, by);
  }

  protected fold(id: string): void {
    this.folded.update((ids) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]));
    remember(FOLDED, this.folded().join(','));
  }

  /** The workflow names its columns. Cards outside all sections have a column of their own. */
  protected name({ id, label }: KanbanColumn): Text {
    if (label) return { fr: label, en: label };
    if (id === '')
      return {
        fr: this.#transloco.translate('board.outside', {}, 'fr'),
        en: this.#transloco.translate('board.outside', {}, 'en'),
      };
    const workflow = this.#workflow.current();
    return (
      (this.groupBy() === 'section' ? workflow?.sectionLabel(id) : workflow?.statusLabel(id)) ?? { fr: id, en: id }
    );
  }
  protected tone(id: string): string {
    const workflow = this.#workflow.current();
    const rank = workflow?.rank(this.groupBy() === 'section' ? id : (workflow.status(id)?.section ?? '')) ?? -1;
    return rank < 0 ? 'tone-none' : `tone-${rank % 6}`;
  }

  protected async dropped(event: CdkDragDrop<KanbanColumn, KanbanColumn, OpportuniteItem>): Promise<void> {
    if (event.previousContainer === event.container) return;
    const columns = this.board.columns() ?? [];
    const ahead = columns.indexOf(event.container.data) > columns.indexOf(event.previousContainer.data);
    await this.move(event.item.data, ahead);
  }

  /** `ahead`: the direction of a drag; its moves come first. `null` for the menu. */
  protected async move(card: OpportuniteItem, ahead: boolean | null): Promise<void> {
    try {
      const record = await this.#client.get(card.id);
      const wanted = (offer: Offer): boolean => ahead === null || (offer.direction === 'forward') === ahead;
      const likely = record.offers.filter((offer) => offer.allowed && wanted(offer));
      const only = ahead !== null && likely.length === 1 ? likely[0] : undefined;
      const offer =
        only ??
        (await this.#choose({ record, offers: [...likely, ...record.offers.filter((one) => !likely.includes(one))] }));
      if (!offer) return;
      const { record: after, taken } = await this.#moves.take(record, offer, () => {
        if (!this.#gone.destroyed) this.board.reload();
      });
      if (taken || after !== record) this.board.reload();
      if (!taken) return;
      void this.#announcer.announce(
        this.#transloco.translate('moves.done', {
          numero: after.numero,
          status: this.#format.text(after.statusLabel) || after.status,
        }),
      );
    } catch (error) {
      this.#problems.report(error);
    }
  }

  async #choose(question: MoveQuestion): Promise<Offer | undefined> {
    const { MoveDialog } = await import('./move-dialog');
    const ref = this.#dialog.open<Offer | undefined>(MoveDialog, {
      data: question,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'move-title',
    });
    return firstValueFrom(ref.closed);
  }
}
