/** The page of one opportunité: header with its moves, the relay as steps, and the panels that domains register. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Session } from '../../../../shared/auth/session';
import { Undo } from '../../../../shared/forms/undo';
import { HasUnsaved } from '../../../../shared/forms/unsaved';
import { Format, InstantPipe, MoneyPipe } from '../../../../shared/i18n/pipes';
import { TrailNav } from '../../../../shared/lists/trail-nav';
import { Avatar } from '../../../../shared/ui/avatar';
import { Icon } from '../../../../shared/ui/icon';
import { PanelHost } from '../../../../shared/panels/panel-host';
import { Panels } from '../../../../shared/panels/panels';
import { PageActions } from '../../../../shared/ui/page-actions';
import { Failed, Loading } from '../../../../shared/ui/states';
import { OpportuniteClient } from '../../data/opportunite-client';
import { RecordStore } from '../../data/record-store';
import { RecordSubject } from '../../public/record-subject';
import { AgeBadge } from '../../public/age-badge';
import { StatusChip } from '../../public/status-chip';
import { WaitsOnView } from '../../ui/waits-on';
import { EditDialog, EditQuestion, Edited } from './edit-dialog';
import { OfferBar } from '../../ui/offer-bar';
import { RecordDesk } from './record-desk';
import { Stepper } from '../../ui/stepper';
import { BinButton } from '../../../corbeille/public/bin-button';
import { InBin, binned } from '../../../corbeille/public/in-bin';
import { Why } from '../../../roles/public/why';

@Component({
  imports: [
    AgeBadge,
    Avatar,
    BinButton,
    Failed,
    Icon,
    InBin,
    InstantPipe,
    Loading,
    MoneyPipe,
    OfferBar,
    PanelHost,
    RouterLink,
    StatusChip,
    Stepper,
    TrailNav,
    TranslocoPipe,
    WaitsOnView,
    Why,
  ],
  templateUrl: './record.html',
  styles: `
    .head {
      padding: 18px 20px;
    }
    .kicker {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 10px;
      align-items: center;
      color: var(--muted);
      font-size: 13px;
    }
    .amount {
      font-size: 20px;
      font-weight: 680;
      letter-spacing: -0.015em;
    }
    .relay {
      overflow: hidden;
    }
    @media (min-width: 1081px) {
      .split {
        grid-template-columns: minmax(0, 1fr) 300px;
      }
    }
  `,
  providers: [RecordStore, RecordDesk],
  host: { '(document:keydown)': 'key($event)', '(window:beforeunload)': 'leave($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RecordPage implements HasUnsaved {
  readonly id = input.required<string>();

  protected readonly store = inject(RecordStore);
  protected readonly desk = inject(RecordDesk);
  readonly #dialog = inject(Dialog);
  readonly #format = inject(Format);
  readonly #session = inject(Session);
  readonly #undo = inject(Undo);
  readonly #transloco = inject(TranslocoService);
  readonly #client = inject(OpportuniteClient);

  protected readonly inBin = computed(() => binned(this.store.error()));
  protected readonly canEdit = computed(() => this.#session.can('opportunites:edit'));
  protected readonly history = computed(() => (this.store.history.hasValue() ? this.store.history.value() : []));
  /** A refusal that is still the last move: by whom and why. */
  protected readonly sentBack = computed(() => {
    const last = this.history().find(({ kind }) => kind === 'moved');
    return last?.reason && this.store.workflow()?.direction(last.transition ?? '') === 'back' ? last : undefined;
  });
  /** The data for the panels. */
  protected readonly subject = computed((): RecordSubject | undefined => {
    const [record, workflow] = [this.store.record(), this.store.workflow()];
    if (!record || !workflow) return undefined;
    const take: RecordSubject['take'] = (offer, input) => this.desk.take(offer, input);
    const [history, refused] = [this.history(), this.store.refused()];
    return { record, workflow, history, refused, typed: this.store.typed(), step: this.desk.step(), take };
  });

  constructor() {
    inject(Panels).prepare('opportunite');
    effect(() => {
      this.store.show(this.id());
    });
    inject(PageActions).offer(
      computed(() => [
        ...(this.store.record()?.offers ?? [])
          .filter(({ allowed }) => allowed)
          .map((offer) => ({
            id: offer.transition,
            label: this.#format.text(offer.label),
            run: () => this.desk.take(offer),
          })),
        ...(this.canEdit() && this.store.record()
          ? [{ id: 'edit', label: this.#transloco.translate('record.edit'), run: () => this.edit() }]
          : []),
      ]),
    );
  }

  unsaved(): boolean {
    return this.desk.unsaved();
  }

  protected leave(event: BeforeUnloadEvent): void {
    if (this.unsaved()) event.preventDefault();
  }

  /** `1`–`9` choose a step, unless somebody types or a dialog is open. */
  protected key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      this.#dialog.openDialogs.length ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
    )
      return;
    const section = /^[1-9]$/.test(event.key)
      ? this.store.workflow()?.definition.sections[Number(event.key) - 1]
      : undefined;
    if (section) this.desk.go(section.id);
  }

  protected async edit(): Promise<void> {
    const record = this.store.record();
    if (!record) return;
    const ended = this.store.workflow()?.ends(record.status) ?? false;
    const data: EditQuestion = {
      record,
      ended,
      overtaken: (now) => {
        this.store.accept(now);
      },
    };
    const ref = this.#dialog.open<Edited | null>(EditDialog, {
      data,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'edit-title',
    });
    const edited = await firstValueFrom(ref.closed);
    if (!edited) return;
    this.store.accept(edited.record);
    this.#undo.saved(
      () => this.#client.update(edited.record, edited.former),
      (now) => {
        this.store.accept(now);
      },
    );
  }
}
