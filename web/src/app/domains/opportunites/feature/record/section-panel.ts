/** One step's document as a form: editable for those who may edit it now, read-only for all others. */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Offer } from '../../../../api/models/offer';
import { Opportunite } from '../../../../api/models/opportunite';
import { HalfTyped } from '../../../../shared/forms/half-typed';
import { newerIn, rebased } from '../../../../shared/forms/lost-race';
import { focusFirstError } from '../../../../shared/forms/problem-form';
import { Undo } from '../../../../shared/forms/undo';
import { Problems, isProblem } from '../../../../shared/http/problem';
import { Format, TxtPipe } from '../../../../shared/i18n/pipes';
import { FORM_CONTEXT, FormContext, NO_CONTEXT, RowMoves } from '../../../../shared/schema-form/context';
import { fieldsOf, shownAt } from '../../../../shared/schema-form/schema';
import { SchemaForm } from '../../../../shared/schema-form/schema-form';
import { gathered } from '../../../../shared/schema-form/schema-sending';
import { standing } from '../../../../shared/schema-form/standing';
import { Icon } from '../../../../shared/ui/icon';
import { describePath, describeValue, documentOf } from '../../util/describe';
import { RecordStore } from '../../data/record-store';
import { WorkflowView } from '../../util/workflow-view';
import { Choice, Conflict, ConflictDialog, Difference } from '../../ui/conflict-dialog';
import { RecordDesk, StepForm } from './record-desk';

@Component({
  selector: 'afpi-section-panel',
  imports: [Icon, SchemaForm, TranslocoPipe, TxtPipe],
  template: `
    @if (definition(); as section) {
      <div class="card-head">
        <h2>{{ section.label | txt }}</h2>
        @if (editable() && needed()) {
          <span class="muted small"
            ><span class="warn" aria-hidden="true">*</span> {{ 'record.needed' | transloco }}</span
          >
        }
        @if (!editable()) {
          <span class="chip"><afpi-icon name="eye" [size]="14" />{{ 'record.readOnly' | transloco }}</span>
        }
      </div>
      <div class="card-body stack">
        @if (refusal().length) {
          <div class="notice notice-bad" role="alert">
            <afpi-icon name="circle-alert" class="bad" />
            <div>
              @for (line of refusal(); track line) {
                <p>{{ line }}</p>
              }
            </div>
          </div>
        }
        <afpi-schema-form
          [schema]="section.form"
          [value]="value()"
          (edit)="store.edit(section.id, $event)"
          [errors]="errors()"
          [locked]="!editable()"
          [base]="'/' + section.id"
        />
      </div>
      @if (editable()) {
        <div class="card-foot form-actions bar">
          @if (dirty()) {
            <span class="muted small grow"
              ><span class="warn" aria-hidden="true">●</span> {{ 'record.unsaved' | transloco }}</span
            >
            <button type="button" class="btn" (click)="cancel()">{{ 'record.discard' | transloco }}</button>
            @if (next(); as offer) {
              <button type="button" class="btn then" [disabled]="busy()" (click)="saveThen(offer)">
                {{ 'record.saveThen' | transloco: { move: (offer.label | txt) } }}
              </button>
            }
          }
          <button type="button" class="btn btn-primary" [disabled]="busy() || !dirty()" (click)="save()">
            <afpi-icon name="save" [size]="16" />{{ (busy() ? 'common.saving' : 'common.save') | transloco }}
          </button>
        </div>
      }
    }
  `,
  styles: `
    :host {
      display: block;
    }
    .bar {
      position: sticky;
      bottom: 0;
      border-radius: 0 0 var(--radius-l) var(--radius-l);
      background: var(--surface);
    }
    @media (max-width: 640px) {
      .bar {
        padding-block: 8px;
      }
      .bar .grow {
        position: absolute;
        width: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .bar .then {
        order: -1;
        flex: 1 1 100%;
      }
    }
  `,
  providers: [
    {
      provide: FORM_CONTEXT,
      useFactory: () => {
        const [store, desk] = [inject(RecordStore), inject(RecordDesk)];
        const offer = (transition: string): Offer | undefined =>
          store.record()?.offers.find((one) => one.transition === transition);
        const moves: RowMoves = {
          offered: (transition) => offer(transition) ?? null,
          take: (transition, values) => {
            const one = offer(transition);
            if (one) void desk.take(one, values);
          },
        };
        return computed((): FormContext => {
          const record = store.record();
          return record
            ? {
                ...NO_CONTEXT,
                site: record.localisation.id,
                record: record.id,
                about: { entreprise: record.entreprise.id },
                renew: () => void store.renew(),
                written: {
                  documents: record.data,
                  forms: Object.fromEntries(
                    store.workflow()?.definition.sections.map(({ id, form }) => [id, form]) ?? [],
                  ),
                },
                moves,
              }
            : NO_CONTEXT;
        });
      },
    },
  ],
  host: { '(document:keydown.control.s)': 'saveByKey($event)', '(document:keydown.meta.s)': 'saveByKey($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SectionPanel implements StepForm {
  readonly record = input.required<Opportunite>();
  readonly workflow = input.required<WorkflowView>();
  readonly section = input.required<string>();
  /** Messages by pointer from a blocked move. Each is shown at its field until that is edited. */
  readonly blockers = input<ReadonlyMap<string, string>>(new Map());
  /** Everything is saved: the record goes on with this move, if it is allowed. */
  readonly proceed = output<string>();

  protected readonly store = inject(RecordStore);
  readonly #problems = inject(Problems);
  readonly #undo = inject(Undo);
  readonly #dialog = inject(Dialog);
  readonly #format = inject(Format);
  readonly #halfTyped = inject(HalfTyped);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly definition = computed(() => this.workflow().section(this.section()));
  protected readonly editable = computed(() => this.record().editable.includes(this.section()));
  /** There are changes to save, or errors to correct first. */
  protected readonly dirty = computed(
    () => this.store.dirty().includes(this.section()) || this.#halfTyped.within(this.#host),
  );
  protected readonly value = computed(() => this.store.draft(this.section()));
  /** Some fields are marked as needed before the step can end. */
  protected readonly needed = computed(() =>
    fieldsOf(this.definition()?.form ?? {}).some(
      ({ needed, children }) => needed || children.some((child) => child.needed),
    ),
  );
  /** The move that leads on from here. */
  protected readonly next = computed(() =>
    this.record().section === this.section()
      ? this.record().offers.find(({ direction }) => direction === 'forward')
      : undefined,
  );
  protected readonly busy = signal(false);
  protected readonly refusal = signal<string[]>([]);
  readonly #server = signal<ReadonlyMap<string, string>>(new Map());
  readonly #base = computed(() => `/${this.section()}`);
  readonly #blocking = standing(this.blockers, this.value, this.#base);
  readonly #refused = standing(this.#server, this.value, this.#base);
  protected readonly errors = computed(() => new Map([...this.#blocking(), ...this.#refused()]));

  constructor() {
    inject(RecordDesk).edits(this, inject(DestroyRef));
    effect(() => {
      this.section();
      this.refusal.set([]);
      this.#server.set(new Map());
    });
  }

  protected cancel(): void {
    this.#halfTyped.drop(this.#host);
    this.store.forget(this.section());
    this.refusal.set([]);
    this.#server.set(new Map());
  }

  protected saveByKey(event: Event): void {
    // The key belongs to the dialog on top, and to another form that has the focus.
    if (this.#dialog.openDialogs.length || event.defaultPrevented) return;
    event.preventDefault();
    if (this.editable() && !this.busy()) void this.save();
  }

  protected async saveThen({ transition }: Offer): Promise<void> {
    if (await this.save()) this.proceed.emit(transition);
  }

  /** Returns whether the whole step is saved. */
  async save(): Promise<boolean> {
    const section = this.section();
    this.refusal.set([]);
    if (!this.#halfTyped.settle(this.#host)) {
      focusFirstError(this.#host);
      return false;
    }
    if (!this.store.dirty().includes(section)) return true;
    this.busy.set(true);
    try {
      const back = await this.store.save(section);
      this.#server.set(new Map());
      if (back)
        this.#undo.saved(back, (now) => {
          this.store.accept(now);
        });
      return !this.store.dirty().includes(section);
    } catch (error) {
      const now = newerIn<Opportunite>(error);
      if (now) return await this.#settle(now, section);
      this.#show(error, section);
      return false;
    } finally {
      this.busy.set(false);
    }
  }

  #show(error: unknown, section: string): void {
    const fields = fieldsOf(this.definition()?.form ?? {});
    const known = new Set(fields.map(({ key }) => key));
    // The form's problems point into the document, the plugin's into the whole record.
    const own = (pointer: string): string =>
      known.has(pointer.split('/')[1] ?? '')
        ? pointer
        : pointer.startsWith(`/${section}/`)
          ? pointer.slice(section.length + 1)
          : '';
    const said = isProblem(error)
      ? [...error.fields].map(([pointer, text]) => ({ text, at: shownAt(own(pointer), fields, this.value()) }))
      : [];
    this.#server.set(gathered(said.filter(({ at }) => at).map(({ at, text }) => [`/${section}${at}`, text])));
    this.refusal.set([this.#problems.message(error), ...said.filter(({ at }) => !at).map(({ text }) => text)]);
    focusFirstError(this.#host);
  }

  /**
   * The record changed meanwhile: show the changes of both sides, and let the user decide. The next save is based on it
   * in either case.
   */
  async #settle(current: Opportunite, section: string): Promise<boolean> {
    const conflict: Conflict = { differences: this.#differences(current, section), updatedAt: current.updatedAt };
    const ref = this.#dialog.open<Choice | undefined>(ConflictDialog, {
      data: conflict,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'conflict-title',
    });
    const choice = await firstValueFrom(ref.closed);
    this.store.accept(current);
    if (choice === 'theirs') this.store.forget(section);
    else if (choice === 'mine' && this.store.dirty().includes(section)) return this.save();
    return false;
  }

  #differences(current: Opportunite, section: string): Difference[] {
    const [mine, theirs] = [this.store.draft(section), documentOf(current, section)];
    const { kept } = rebased(mine, this.store.saved(section), theirs);
    return fieldsOf(this.definition()?.form ?? {})
      .filter(({ key, readonly }) => kept.includes(key) && !readonly)
      .map(({ key }) => {
        const pointer = `/${section}/${key}`;
        const say = (value: unknown): string => describeValue(value, pointer, this.workflow(), this.#format);
        return {
          label: describePath(pointer, this.workflow(), this.#format),
          mine: say(mine[key]),
          theirs: say(theirs[key]),
        };
      });
  }
}
