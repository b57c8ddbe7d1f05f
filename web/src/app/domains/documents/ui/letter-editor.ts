/**
 * A letter of reminder before it is sent: which invoices it is about, who gets it, the mail that takes it there, and the
 * letter itself as the plugin words it.
 */
import { ChangeDetectionStrategy, Component, computed, input, model } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { DocumentBatchPlanItem } from '../../../api/models/document-batch-plan-item';
import { DocumentPreview } from '../../../api/models/document-preview';
import { MoneyPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { allAddresses } from '../util/addresses';
import { Letter } from '../util/letters';
import { Draft } from './draft';

@Component({
  selector: 'afpi-letter-editor',
  imports: [Draft, Icon, MoneyPipe, TranslocoPipe, TxtPipe],
  template: `
    @let now = letter();
    @let at = 'letter-' + item().subjectId;
    @if (item().pieces.length > 1) {
      <fieldset [disabled]="disabled()">
        <legend>{{ 'documents.letterPieces' | transloco }}</legend>
        @for (piece of item().pieces; track piece.id) {
          <label class="check"
            ><input
              type="checkbox"
              [checked]="now.pieces.includes(piece.id)"
              (change)="choose(piece.id, $any($event.target).checked)"
            /><span
              ><span class="mono">{{ piece.number }}</span> · {{ piece.balance | money }}</span
            ></label
          >
        }
        @if (!now.pieces.length) {
          <span class="bad small">{{ 'documents.letterNoPiece' | transloco }}</span>
        }
      </fieldset>
    }
    <label class="field" [for]="at + '-to'">{{ 'documents.addresses' | transloco }}</label>
    <input
      class="input"
      inputmode="email"
      autocomplete="off"
      [id]="at + '-to'"
      [disabled]="disabled()"
      [value]="now.to"
      [attr.aria-invalid]="!reachable()"
      [attr.aria-describedby]="at + '-to-hint'"
      (input)="change({ to: $any($event.target).value })"
    />
    <span class="small" [id]="at + '-to-hint'" [class]="reachable() ? 'muted' : 'bad'">{{
      (reachable() ? 'documents.addressesHint' : 'form.email') | transloco
    }}</span>
    <label class="field" [for]="at + '-subject'">{{ 'documents.subject' | transloco }}</label>
    <input
      class="input"
      maxlength="200"
      autocomplete="off"
      [id]="at + '-subject'"
      [disabled]="disabled()"
      [value]="now.subject"
      (input)="change({ subject: $any($event.target).value })"
    />
    <label class="field" [for]="at + '-body'">{{ 'documents.body' | transloco }}</label>
    <textarea
      class="input"
      rows="9"
      maxlength="10000"
      [id]="at + '-body'"
      [disabled]="disabled()"
      [value]="now.body"
      (input)="change({ body: $any($event.target).value })"
    ></textarea>
    @if (item().enclosures.length) {
      <div>
        <span class="small strong">{{ 'documents.enclosures' | transloco }}</span>
        <ul class="small" [attr.aria-label]="'documents.enclosures' | transloco">
          @for (copy of item().enclosures; track copy.id) {
            <li class="row"><afpi-icon name="file" [size]="15" />{{ copy.title }}</li>
          }
        </ul>
      </div>
    }
    @if (now.pieces.length) {
      <afpi-draft [label]="item().kindLabel | txt" [wanted]="now.pieces" [draw]="draw()" />
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 6px;
      padding: 10px 0 4px 26px;
    }
    fieldset {
      display: grid;
      gap: 6px;
    }
    @media (max-width: 600px) {
      :host {
        padding-left: 0;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LetterEditor {
  readonly item = input.required<DocumentBatchPlanItem>();
  readonly letter = model.required<Letter>();
  readonly disabled = input(false);
  /** Draws the letter about these pieces. */
  readonly draw = input.required<(pieces: string[]) => Promise<DocumentPreview>>();
  protected readonly reachable = computed(() => allAddresses(this.letter().to));

  protected choose(piece: string, chosen: boolean): void {
    const all = this.item().pieces.map(({ id }) => id);
    const { pieces } = this.letter();
    this.change({ pieces: all.filter((id) => (id === piece ? chosen : pieces.includes(id))) });
  }

  protected change(part: Partial<Letter>): void {
    this.letter.set({ ...this.letter(), ...part });
  }
}
