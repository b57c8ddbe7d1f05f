/**
 * The actions on an opportunité's page: which step is shown, moves and their preconditions, and where missing values
 * are reported.
 */
import { ViewportScroller } from '@angular/common';
import { DestroyRef, ElementRef, Injectable, computed, inject, linkedSignal, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { TranslocoService } from '@jsverse/transloco';
import { FieldProblem } from '../../../../api/models/field-problem';
import { Offer } from '../../../../api/models/offer';
import { Opportunite } from '../../../../api/models/opportunite';
import { HalfTyped } from '../../../../shared/forms/half-typed';
import { focusFirstError } from '../../../../shared/forms/problem-form';
import { Format } from '../../../../shared/i18n/pipes';
import { JsonObject, fieldId, fieldsOf, shownAt } from '../../../../shared/schema-form/schema';
import { gathered } from '../../../../shared/schema-form/schema-sending';
import { Confirm } from '../../../../shared/ui/confirm';
import { RecordStore } from '../../data/record-store';
import { Moved, Moves } from '../moves';

/** The form of the displayed step. */
export interface StepForm {
  /** Returns whether the whole step is saved. */
  save(): Promise<boolean>;
}

@Injectable()
export class RecordDesk {
  readonly #store = inject(RecordStore);
  readonly #moves = inject(Moves);
  readonly #router = inject(Router);
  readonly #route = inject(ActivatedRoute);
  readonly #confirm = inject(Confirm);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  readonly #halfTyped = inject(HalfTyped);
  readonly #gone = inject(DestroyRef);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #scroller = inject(ViewportScroller);
  readonly #asked = toSignal(this.#route.queryParamMap);
  #form: StepForm | null = null;

  readonly busy = signal(false);
  /** The step in the address, otherwise the record's present or last one, otherwise the first. */
  readonly step = computed(() => {
    const sections = this.#store.workflow()?.definition.sections ?? [];
    const asked = this.#asked()?.get('etape');
    const wanted = [asked, this.#store.stands()].find((id) => sections.some((section) => section.id === id));
    return wanted ?? sections[0]?.id ?? '';
  });
  /** Missing values are shown until the record changes. */
  readonly pointed = linkedSignal<unknown, ReadonlyMap<string, string>>({
    source: () => this.#store.record(),
    computation: () => new Map(),
  });

  /** The form that can save the step, while it exists. */
  edits(form: StepForm, until: DestroyRef): void {
    this.#form = form;
    until.onDestroy(() => {
      if (this.#form === form) this.#form = null;
    });
  }

  unsaved(): boolean {
    return this.#store.dirty().length > 0 || this.#halfTyped.within(this.#host);
  }

  /** Shows a step. First corrects half-typed values of the present one, because they would be lost. */
  go(step: string): void {
    if (step !== this.step() && !this.#halfTyped.settle(this.#host)) {
      focusFirstError(this.#host);
      return;
    }
    void this.#router.navigate([], { relativeTo: this.#route, queryParams: { etape: step }, replaceUrl: true });
  }

  async take(offer: Offer, given: JsonObject = {}): Promise<void> {
    const record = this.#store.record();
    if (!record || this.busy()) return;
    if (this.unsaved()) return this.#settleFirst(offer, given);
    await this.#take(record, offer, given);
  }

  /** Saves the step and moves on if nothing is missing. Otherwise shows the missing values at their fields. */
  async proceed(transition: string, given: JsonObject = {}): Promise<void> {
    const record = this.#store.record();
    const offer = record?.offers.find((one) => one.transition === transition);
    if (!record || !offer) return;
    if (offer.allowed) await this.#take(record, offer, given);
    else this.#point(offer.blockers);
  }

  async #take(record: Opportunite, offer: Offer, given: JsonObject = {}): Promise<void> {
    this.busy.set(true);
    try {
      const after = await this.#moves.take(
        record,
        offer,
        (moved) => {
          this.#show(moved);
        },
        given,
      );
      if (after.taken) this.#drop();
      this.#show(after);
    } finally {
      this.busy.set(false);
    }
  }

  /** The record after a move. If it was refused, the reasons at its fields. */
  #show({ record, taken, refused }: Moved): void {
    if (this.#gone.destroyed || this.#store.record()?.id !== record.id) return;
    if (!taken) this.#store.refuse();
    this.#store.accept(record);
    if (!taken) {
      this.#lead([...refused]);
      return;
    }
    // Another section begins at its top.
    if (record.section && record.section !== this.step()) this.#scroller.scrollToPosition([0, 0]);
    this.go(record.section || this.step());
  }

  /** Goes to the field that blocks a move: the right step, the right field, with the message beside it. */
  jump(blocker: FieldProblem): void {
    this.#point([blocker]);
  }

  /** Shows the missing values at their fields, and goes to the first of them. */
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
  /** The element that can show a pointer's message; `''` when there is none. */
  #placeOf(pointer: string): string {
    const [, section = '', ...path] = pointer.split('/');
    const form = this.#store.workflow()?.section(section)?.form;
    return form ? `/${section}${shownAt(`/${path.join('/')}`, fieldsOf(form), this.#store.draft(section))}` : '';
  }

  #drop(): void {
    this.#halfTyped.drop(this.#host);
    this.#store.forgetAll();
  }
  /** With unsaved changes: they are saved first, or dropped, or nothing happens. */
  async #settleFirst(offer: Offer, given: JsonObject): Promise<void> {
    const form = this.#form;
    const savable = form !== null && this.#store.dirty().every((section) => section === this.step());
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
    const record = this.#store.record();
    if (answer === 'no' || !record) return;
    if (savable && answer === 'yes') {
      if (await form.save()) await this.proceed(offer.transition, given);
      return;
    }
    await this.#take(record, offer, given);
  }
}
