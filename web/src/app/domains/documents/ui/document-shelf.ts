/** One kind of document: what was made of each subject, and the button that makes it. */
import { ChangeDetectionStrategy, Component, computed, input, output, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Document } from '../../../api/models/document';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { DocumentAct, Making, Shelf } from '../util/kinds';
import { DocumentLine } from './document-line';

@Component({
  selector: 'afpi-document-shelf',
  imports: [DocumentLine, Icon, TranslocoPipe, TxtPipe],
  template: `
    @let all = shelf();
    <div class="head">
      <span class="strong grow">{{ all.kind.label | txt }}</span>
      @if (all.standings.length > 1) {
        <span class="muted small num">{{ all.ready }} / {{ all.standings.length }}</span>
      }
      @if (all.standings.length > 1 && all.possible.length) {
        <button type="button" class="btn btn-s" [disabled]="busy()" (click)="make.emit({ candidates: all.possible })">
          {{ 'documents.makeAll' | transloco: { n: all.possible.length } }}
        </button>
      }
    </div>
    @for (standing of shown(); track standing.candidate.id + (standing.candidate.day ?? '')) {
      <afpi-document-line
        [standing]="standing"
        [kind]="all.kind"
        [busy]="busy()"
        (make)="make.emit($event)"
        (open)="open.emit($event)"
        (save)="save.emit($event)"
        (saveInvoice)="saveInvoice.emit($event)"
        (retry)="retry.emit($event)"
        [acceptable]="acceptable()"
        (act)="act.emit($event)"
      />
    }
    @if (all.standings.length > 1) {
      <button
        type="button"
        class="btn btn-quiet btn-s"
        [attr.aria-expanded]="unfolded()"
        (click)="unfolded.set(!unfolded())"
      >
        <afpi-icon [name]="unfolded() ? 'chevron-down' : 'chevron-right'" [size]="14" />
        {{ (unfolded() ? 'documents.fewer' : 'documents.more') | transloco: { n: all.standings.length } }}
      </button>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 6px;
      padding: 12px 18px;
    }
    :host + :host {
      border-top: 1px solid var(--line);
    }
    .head {
      display: flex;
      gap: 8px;
      align-items: center;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DocumentShelf {
  readonly shelf = input.required<Shelf>();
  readonly busy = input(false);
  readonly make = output<Making>();
  readonly open = output<Document>();
  readonly save = output<Document>();
  readonly saveInvoice = output<Document>();
  readonly retry = output<Document>();
  readonly act = output<DocumentAct>();
  /** The moves that the reader may make now. */
  readonly acceptable = input<ReadonlySet<string>>(new Set());
  protected readonly unfolded = signal(false);
  /** Several subjects are folded. */
  protected readonly shown = computed(() => {
    const { standings } = this.shelf();
    return this.unfolded() || standings.length === 1 ? standings : [];
  });
}
