/**
 * Makes and sends many documents at once: first what would be made, to whom, and what is missing; then how far it is, and
 * what became of each. The server goes on when the dialog is closed.
 */
import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { DIALOG_DATA, Dialog, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { DocumentBatch } from '../../../api/models/document-batch';
import { DocumentPreview } from '../../../api/models/document-preview';
import { DocumentBatchPlanItem } from '../../../api/models/document-batch-plan-item';
import { Problems } from '../../../shared/http/problem';
import { pollWhile } from '../../../shared/http/poll';
import { InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { BatchClient, BatchSource } from '../data/batch-client';
import { BatchResult } from '../ui/batch-result';
import { LetterEditor } from '../ui/letter-editor';
import { atFirst, possible, progress } from '../util/batch';
import { Letter, asked, planned, sendable } from '../util/letters';

/** Opens the dialog. Whether a batch was started. */
export async function askForBatch(dialog: Dialog, data: BatchSource): Promise<boolean> {
  const ref = dialog.open<boolean>(BatchDialog, { data, panelClass: 'dialog-panel', ariaLabelledBy: 'batch-title' });
  return (await firstValueFrom(ref.closed)) ?? false;
}

@Component({
  imports: [BatchResult, Empty, Failed, Icon, InstantPipe, LetterEditor, Loading, TranslocoPipe, TxtPipe],
  template: `
    <div class="dialog dialog-wide">
      <header>
        <h2 id="batch-title">
          {{ (source.session ? 'documents.batchSession' : 'documents.batchReminders') | transloco }}
        </h2>
      </header>
      <div class="body">
        @if (batch(); as running) {
          <afpi-batch-result [batch]="running" />
        } @else if (plan.error(); as error) {
          <afpi-failed [error]="error" (retry)="plan.reload()" />
        } @else {
          @if (kinds().length > 1) {
            <div class="row">
              <label class="field grow"
                >{{ 'documents.batchKind' | transloco }}
                <select class="input" [disabled]="busy()" (change)="kind.set($any($event.target).value)">
                  @for (one of kinds(); track one.id) {
                    <option [value]="one.id" [selected]="one.id === kind()">{{ one.label | txt }}</option>
                  }
                </select></label
              >
              @if (languages().length > 1) {
                <label class="field"
                  >{{ 'documents.language' | transloco }}
                  <select class="input" [disabled]="busy()" (change)="language.set($any($event.target).value)">
                    @for (one of languages(); track one) {
                      <option [value]="one" [selected]="one === language()">
                        {{ 'documents.languages.' + one | transloco }}
                      </option>
                    }
                  </select></label
                >
              }
            </div>
          }
          @if (!plan.hasValue()) {
            <afpi-loading [rows]="5" />
          } @else {
            @if (!plan.value().mailServer) {
              <p class="notice notice-warn">
                <afpi-icon name="warning" [size]="16" />{{ 'documents.noMailServer' | transloco }}
              </p>
            }
            <ul class="list" [attr.aria-label]="'documents.batchList' | transloco">
              @for (item of plan.value().data; track item.subjectId) {
                <li>
                  <label class="check"
                    ><input
                      type="checkbox"
                      [checked]="chosen().has(item.subjectId)"
                      [disabled]="!can(item) || busy()"
                      (change)="choose(item.subjectId, $any($event.target).checked)"
                    /><span class="stack-s"
                      ><span
                        >{{ item.label }}
                        @if (!source.session) {
                          <span class="chip tone-warn"
                            ><span>{{ item.kindLabel | txt }}</span></span
                          >
                        }
                      </span>
                      @if (item.pieces.length) {
                        <span class="small"
                          >{{ 'documents.letterAbout' | transloco: { n: item.pieces.length } }}
                          {{ numbers(item) }}</span
                        >
                      }
                      @if (letter(item).to; as to) {
                        <span class="muted small">{{ to }}</span>
                      } @else {
                        <span class="warn small">{{ 'documents.noAddress' | transloco }}</span>
                      }
                      @for (lack of item.missing; track lack.field + lack.code) {
                        <span class="bad small">{{ lack.message | txt }}</span>
                      }
                      @if (item.lastSentAt; as when) {
                        <span class="muted small">{{
                          'documents.sentBefore' | transloco: { when: (when | instant) }
                        }}</span>
                      }
                    </span></label
                  >
                  @if (item.mail) {
                    <button
                      type="button"
                      class="btn btn-quiet btn-s edit"
                      [attr.aria-expanded]="open().has(item.subjectId)"
                      [attr.aria-label]="'documents.letterEditNamed' | transloco: { name: item.label }"
                      (click)="toggle(item.subjectId)"
                    >
                      <afpi-icon [name]="open().has(item.subjectId) ? 'chevron-down' : 'chevron-right'" [size]="14" />{{
                        'documents.letterEdit' | transloco
                      }}
                    </button>
                    @if (open().has(item.subjectId)) {
                      <afpi-letter-editor
                        [item]="item"
                        [letter]="letter(item)"
                        [disabled]="busy()"
                        [draw]="draw"
                        (letterChange)="type(item, $event)"
                      />
                    }
                  }
                </li>
              } @empty {
                <li>
                  <afpi-empty
                    icon="mail"
                    [title]="'documents.batchNothing' | transloco"
                    [text]="'documents.batchNothingText' | transloco"
                  />
                </li>
              }
            </ul>
          }
        }
      </div>
      <footer>
        <button type="button" class="btn" (click)="ref.close(!!batch())">{{ 'common.close' | transloco }}</button>
        @if (!batch()) {
          <button type="button" class="btn btn-primary" [disabled]="busy() || !ready()" (click)="start()">
            <afpi-icon name="mail" [size]="16" />{{ 'documents.batchStart' | transloco: { n: chosen().size } }}
          </button>
        }
      </footer>
    </div>
  `,
  styles: `
    li {
      padding: 8px 0;
    }
    li .check {
      align-items: flex-start;
    }
    .stack-s {
      gap: 2px;
      overflow-wrap: anywhere;
    }
    .edit {
      margin-left: 18px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BatchDialog {
  readonly #client = inject(BatchClient);
  readonly #problems = inject(Problems);
  protected readonly source = inject<BatchSource>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly busy = signal(false);
  protected readonly batch = signal<DocumentBatch | null>(null);

  /** What can be made for a session; reminders have no kinds to choose from. */
  readonly #offered = resource({ loader: () => this.#client.kinds(this.source) });
  protected readonly kinds = computed(() => (this.#offered.hasValue() ? this.#offered.value() : []));
  protected readonly kind = linkedSignal(() => this.kinds()[0]?.id ?? '');
  protected readonly languages = computed(() => this.kinds().find(({ id }) => id === this.kind())?.languages ?? []);
  protected readonly language = linkedSignal(() => this.languages()[0] ?? '');
  protected readonly plan = resource({
    params: () => (this.#offered.hasValue() ? { kind: this.kind() } : undefined),
    loader: ({ params }) => this.#client.plan(this.source, params.kind),
  });
  protected readonly chosen = linkedSignal<readonly DocumentBatchPlanItem[], ReadonlySet<string>>({
    source: () => (this.plan.hasValue() ? this.plan.value().data : []),
    computation: (items) => new Set(atFirst(items)),
  });

  /** Letters as somebody has changed them, and those that are shown whole. */
  readonly #letters = signal<ReadonlyMap<string, Letter>>(new Map());
  protected readonly open = linkedSignal<readonly DocumentBatchPlanItem[], ReadonlySet<string>>({
    source: () => (this.plan.hasValue() ? this.plan.value().data : []),
    // The letters of one payer were asked for to be read.
    computation: (items) => new Set(this.source.payer ? items.map(({ subjectId }) => subjectId) : []),
  });
  protected readonly ready = computed(() => {
    const items = this.#chosenItems();
    return items.length > 0 && items.every((item) => !item.mail || sendable(this.letter(item)));
  });
  protected readonly draw = (pieces: string[]): Promise<DocumentPreview> => this.#client.preview(pieces);

  constructor() {
    const runs = computed(() => {
      const items = this.batch()?.data ?? [];
      return progress(items).ended < items.length;
    });
    pollWhile(runs, () => this.#look(), 1000);
  }

  protected letter(item: DocumentBatchPlanItem): Letter {
    return this.#letters().get(item.subjectId) ?? planned(item);
  }
  protected numbers({ pieces }: DocumentBatchPlanItem): string {
    return pieces.map(({ number }) => number).join(', ');
  }
  protected type(item: DocumentBatchPlanItem, letter: Letter): void {
    this.#letters.set(new Map(this.#letters()).set(item.subjectId, letter));
  }
  protected toggle(subject: string): void {
    const open = new Set(this.open());
    if (!open.delete(subject)) open.add(subject);
    this.open.set(open);
  }
  #chosenItems(): DocumentBatchPlanItem[] {
    const items = this.plan.hasValue() ? this.plan.value().data : [];
    return items.filter(({ subjectId }) => this.chosen().has(subjectId));
  }

  protected can(item: DocumentBatchPlanItem): boolean {
    return possible(item);
  }
  protected choose(subject: string, chosen: boolean): void {
    const all = new Set(this.chosen());
    if (chosen) all.add(subject);
    else all.delete(subject);
    this.chosen.set(all);
  }

  protected async start(): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      const letters = this.#chosenItems().map((item) => asked(item, this.letter(item)));
      const chosen = { kind: this.kind(), language: this.language(), subjects: [...this.chosen()], letters };
      this.batch.set(await this.#client.start(this.source, chosen));
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
  }

  async #look(): Promise<void> {
    const batch = this.batch();
    if (!batch) return;
    try {
      this.batch.set(await this.#client.look(batch));
    } catch (error) {
      this.#problems.report(error);
    }
  }
}
