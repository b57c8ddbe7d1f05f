/** The page of one opportunité: header with its moves, the relay as steps, the step's form, facts and history. */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { FieldProblem } from '../../../../api/models/field-problem';
import { Offer } from '../../../../api/models/offer';
import { Opportunite } from '../../../../api/models/opportunite';
import { Can } from '../../../../shared/auth/can';
import { Session } from '../../../../shared/auth/session';
import { HalfTyped } from '../../../../shared/forms/half-typed';
import { focusFirstError } from '../../../../shared/forms/problem-form';
import { Undo } from '../../../../shared/forms/undo';
import { HasUnsaved } from '../../../../shared/forms/unsaved';
import { DayPipe, Format, InstantPipe, MoneyPipe, TxtPipe } from '../../../../shared/i18n/pipes';
import { fieldId, fieldsOf, shownAt } from '../../../../shared/schema-form/schema';
import { gathered } from '../../../../shared/schema-form/schema-sending';
import { Avatar } from '../../../../shared/ui/avatar';
import { Confirm } from '../../../../shared/ui/confirm';
import { Icon } from '../../../../shared/ui/icon';
import { PageActions } from '../../../../shared/ui/page-actions';
import { Failed, Loading } from '../../../../shared/ui/states';
import { Moved, Moves } from '../moves';
import { OpportuniteClient } from '../../data/opportunite-client';
import { RecordStore } from '../../data/record-store';
import { AgeBadge } from '../../public/age-badge';
import { StatusChip } from '../../public/status-chip';
import { WaitsOnView } from '../../ui/waits-on';
import { Decision } from '../../ui/decision';
import { EditDialog, EditQuestion, Edited } from './edit-dialog';
import { OfferBar } from '../../ui/offer-bar';
import { SectionPanel } from './section-panel';
import { Stepper } from '../../ui/stepper';
import { Timeline } from '../../ui/timeline';

@Component({
  imports: [
    AgeBadge,
    Avatar,
    Can,
    DayPipe,
    Decision,
    Failed,
    Icon,
    InstantPipe,
    Loading,
    MoneyPipe,
    OfferBar,
    RouterLink,
    SectionPanel,
    StatusChip,
    Stepper,
    Timeline,
    TranslocoPipe,
    TxtPipe,
    WaitsOnView,
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
    .slots {
      display: flex;
      flex-direction: column;
      gap: 6px;
    }
  `,
  providers: [RecordStore],
  host: { '(document:keydown)': 'key($event)', '(window:beforeunload)': 'leave($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RecordPage implements HasUnsaved {
  readonly id = input.required<string>();
  /** Query parameter: the step shown. */
  readonly etape = input<string>();

  protected readonly store = inject(RecordStore);
  readonly #moves = inject(Moves);
  readonly #dialog = inject(Dialog);
  readonly #router = inject(Router);
  readonly #route = inject(ActivatedRoute);
  readonly #confirm = inject(Confirm);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  readonly #session = inject(Session);
  readonly #halfTyped = inject(HalfTyped);
  readonly #gone = inject(DestroyRef);
  readonly #undo = inject(Undo);
  readonly #client = inject(OpportuniteClient);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly busy = signal(false);
  protected readonly canEdit = computed(() => this.#session.can('opportunites:edit'));
  /** The step asked for, else the one the record stands in or stood in last, else the first. */
  protected readonly step = computed(() => {
    const sections = this.store.workflow()?.definition.sections ?? [];
    const wanted = [this.etape(), this.store.stands()].find((id) => sections.some((section) => section.id === id));
    return wanted ?? sections[0]?.id ?? '';
  });
  /** What is missing is shown until the record changes. */
  protected readonly pointed = linkedSignal<unknown, ReadonlyMap<string, string>>({
    source: () => this.store.record(),
    computation: () => new Map(),
  });

  protected readonly history = computed(() => (this.store.history.hasValue() ? this.store.history.value() : []));
  /** Somebody did not let it pass, and it has not gone on since: who and why. */
  protected readonly sentBack = computed(() => {
    const last = this.history().find(({ kind }) => kind === 'moved');
    return last?.reason && this.store.workflow()?.direction(last.transition ?? '') === 'back' ? last : undefined;
  });
  /** It is for this person to say yes or no. */
  protected readonly decides = computed(() => {
    const [record, workflow] = [this.store.record(), this.store.workflow()];
    const may = (record?.offers ?? []).filter(({ allowed }) => allowed);
    return may.some(
      ({ direction, transition }) =>
        direction === 'forward' &&
        may.some((other) => other.direction === 'back' && workflow?.answersTo(transition, other.transition)),
    );
  });
  private readonly panel = viewChild(SectionPanel);

  constructor() {
    effect(() => {
      this.store.show(this.id());
    });
    inject(PageActions).offer(
      computed(() =>
        (this.store.record()?.offers ?? [])
          .filter(({ allowed }) => allowed)
          .map((offer) => ({
            id: offer.transition,
            label: this.#format.text(offer.label),
            run: () => this.take(offer),
          })),
      ),
    );
  }

  unsaved(): boolean {
    return this.store.dirty().length > 0 || this.#halfTyped.within(this.#host);
  }

  protected leave(event: BeforeUnloadEvent): void {
    if (this.unsaved()) event.preventDefault();
  }

  /** Shows a step. What is half-typed in the one shown would be gone with it: it is put right first. */
  protected go(step: string): void {
    if (step !== this.step() && !this.#halfTyped.settle(this.#host)) {
      focusFirstError(this.#host);
      return;
    }
    void this.#router.navigate([], { relativeTo: this.#route, queryParams: { etape: step }, replaceUrl: true });
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
    if (section) this.go(section.id);
  }

  protected async take(offer: Offer): Promise<void> {
    const record = this.store.record();
    if (!record || this.busy()) return;
    if (this.unsaved()) return this.#settleFirst(offer);
    await this.#take(record, offer);
  }

  /** The step is saved, and goes on if nothing is missing; else what is missing is shown where it belongs. */
  protected async proceed(transition: string): Promise<void> {
    const record = this.store.record();
    const offer = record?.offers.find((one) => one.transition === transition);
    if (!record || !offer) return;
    if (offer.allowed) await this.#take(record, offer);
    else this.#point(offer.blockers);
  }

  async #take(record: Opportunite, offer: Offer): Promise<void> {
    this.busy.set(true);
    try {
      const after = await this.#moves.take(record, offer, (moved) => {
        this.#show(moved);
      });
      if (after.taken) this.#drop();
      this.#show(after);
    } finally {
      this.busy.set(false);
    }
  }

  /** The record after a move, or why it was not taken, at its fields. */
  #show({ record, taken, refused }: Moved): void {
    if (this.#gone.destroyed || this.store.record()?.id !== record.id) return;
    // A refusal by a plugin stands in the history, too.
    if (!taken) this.store.history.reload();
    this.store.accept(record);
    if (taken) this.go(record.section || this.step());
    else this.#lead([...refused]);
  }

  /** Leads to the field that blocks a move: right step, right field, its message beside it. */
  protected jump(blocker: FieldProblem): void {
    this.#point([blocker]);
  }

  /** Shows what is missing at its fields, and leads to the first of them. */
  #point(blockers: FieldProblem[]): void {
    this.#lead(blockers.map(({ field, message }) => [field, this.#format.text(message)] as const));
  }
  #lead(messages: (readonly [string, string])[]): void {
    const placed = messages.map(([field, text]) => [this.#placeOf(field), text] as const).filter(([place]) => place);
    const first = placed[0]?.[0].split('/').slice(1);
    if (!first?.[0]) return;
    this.go(first[0]);
    this.pointed.set(gathered(placed));
    setTimeout(() => {
      for (let depth = first.length; depth > 1; depth--) {
        const target = document.getElementById(fieldId(`/${first.slice(0, depth).join('/')}`));
        if (!target) continue;
        target.scrollIntoView({ block: 'center' });
        target.focus({ preventScroll: true });
        return;
      }
    }, 80);
  }
  /** Where the page can show what is said of a pointer; `''` when nowhere. */
  #placeOf(pointer: string): string {
    const [, section = '', ...path] = pointer.split('/');
    const form = this.store.workflow()?.section(section)?.form;
    return form ? `/${section}${shownAt(`/${path.join('/')}`, fieldsOf(form), this.store.draft(section))}` : '';
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

  #drop(): void {
    this.#halfTyped.drop(this.#host);
    this.store.forgetAll();
  }
  /** Something is not saved: it is saved first, or dropped, or nothing happens. */
  async #settleFirst(offer: Offer): Promise<void> {
    const panel = this.panel();
    const savable = panel !== undefined && this.store.dirty().every((section) => section === this.step());
    const ask = {
      title: this.#transloco.translate('unsaved.title'),
      body: this.#transloco.translate('record.moveDrops'),
    };
    const drop = this.#transloco.translate('record.moveAnyway');
    const answer = await this.#confirm.choose(
      savable
        ? { ...ask, yes: this.#transloco.translate('record.saveAndMove'), other: drop }
        : { ...ask, yes: drop, danger: true },
    );
    const record = this.store.record();
    if (answer === 'no' || !record) return;
    if (savable && answer === 'yes') {
      if (await panel.save()) await this.proceed(offer.transition);
      return;
    }
    await this.#take(record, offer);
  }
}
