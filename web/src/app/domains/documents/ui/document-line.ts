/** One subject of a kind of document: its last documents, what is missing, and what can be done. */
import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Document } from '../../../api/models/document';
import { DocumentKind } from '../../../api/models/document-kind';
import { SignedCopy } from '../../../api/models/signed-copy';
import { Format, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { DocumentAct, Making, Standing } from '../util/kinds';
import { SendingStatus } from './sending-status';

@Component({
  selector: 'afpi-document-line',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon, SendingStatus, TranslocoPipe, TxtPipe],
  template: `
    @let one = standing();
    <div class="line">
      <div class="grow stack-s">
        @if (one.candidate.label.fr) {
          <span class="small">{{ one.candidate.label | txt }}</span>
        }
        @for (document of one.documents; track document.id) {
          @switch (document.state) {
            @case ('ready') {
              <button type="button" class="name" (click)="open.emit(document)">
                <afpi-icon name="file" [size]="15" />{{ document.title }}
              </button>
            }
            @case ('failed') {
              <span class="bad small"
                ><afpi-icon name="circle-alert" [size]="14" />
                @if (document.problem; as problem) {
                  {{ problem | txt }}
                }
                <button type="button" class="btn btn-quiet btn-s" (click)="retry.emit(document)">
                  {{ 'documents.retry' | transloco }}
                </button></span
              >
            }
            @default {
              <span class="muted small" role="status">{{ 'documents.waiting' | transloco }}</span>
            }
          }
          @if (document.state === 'ready') {
            <span class="muted small">{{ told(document) }}</span>
          }
          @if (document.lastSending; as mail) {
            <afpi-sending-status [sending]="mail" />
          }
          @if (document.signedCopy; as copy) {
            <button
              type="button"
              class="name signed"
              [disabled]="copy.state !== 'ready'"
              (click)="act.emit({ kind: 'openCopy', document, copy })"
            >
              <afpi-icon name="pencil" [size]="14" />{{ signedBy(copy) }}
            </button>
            @if (copy.state === 'waiting') {
              <span class="muted small" role="status">{{ 'documents.scanned' | transloco }}</span>
            }
          }
          @if (kind().allowed && document.state === 'ready') {
            <span class="acts">
              @if (document.lastSending?.state === 'failed') {
                <button type="button" class="btn btn-s" (click)="act.emit({ kind: 'sendAgain', document })">
                  <afpi-icon name="mail" [size]="14" />{{ 'documents.sendAgain' | transloco }}
                </button>
              } @else if (!document.lastSending) {
                <button
                  type="button"
                  class="btn btn-s"
                  [attr.aria-label]="'documents.sendNamed' | transloco: { name: document.title }"
                  (click)="act.emit({ kind: 'send', document })"
                >
                  <afpi-icon name="mail" [size]="14" />{{ 'documents.send' | transloco }}
                </button>
              }
              @if (document.acceptance && acceptable().has(document.acceptance.transition)) {
                <button
                  type="button"
                  class="btn btn-s btn-primary"
                  [attr.aria-label]="'documents.acceptNamed' | transloco: { name: document.title }"
                  (click)="act.emit({ kind: 'accept', document })"
                >
                  <afpi-icon name="check" [size]="14" />{{ 'documents.accept' | transloco }}
                </button>
              }
            </span>
          }
        }
        @if (kind().allowed && one.candidate.missing.length) {
          <details class="small">
            <summary class="warn">{{ 'documents.missing' | transloco: { n: one.candidate.missing.length } }}</summary>
            <ul>
              @for (lack of one.candidate.missing; track lack.field + lack.code) {
                <li>{{ lack.message | txt }}</li>
              }
            </ul>
          </details>
        }
      </div>
      @if (kind().allowed && one.documents.length === 0) {
        <button
          type="button"
          class="btn btn-s"
          [disabled]="busy() || one.candidate.missing.length > 0"
          (click)="make.emit({ candidates: [one.candidate] })"
        >
          {{ 'documents.make' | transloco }}
        </button>
      } @else if (one.documents.length) {
        <button
          type="button"
          class="btn btn-icon btn-s btn-quiet"
          [attr.aria-label]="'documents.actions' | transloco: { name: one.documents[0]!.title }"
          [cdkMenuTriggerFor]="acts"
        >
          <afpi-icon name="ellipsis" [size]="16" />
        </button>
      }
    </div>
    <ng-template #acts>
      <div class="menu" cdkMenu>
        @for (document of one.documents; track document.id) {
          @if (document.state === 'ready') {
            <button type="button" class="menu-item" cdkMenuItem (cdkMenuItemTriggered)="save.emit(document)">
              {{ 'documents.save' | transloco: { language: ('documents.in.' + document.language | transloco) } }}
            </button>
            @if (kind().allowed) {
              <button
                type="button"
                class="menu-item"
                cdkMenuItem
                (cdkMenuItemTriggered)="act.emit({ kind: 'send', document })"
              >
                {{ 'documents.sendMenu' | transloco: { language: ('documents.in.' + document.language | transloco) } }}
              </button>
              @if (kind().signed) {
                <button
                  type="button"
                  class="menu-item"
                  cdkMenuItem
                  (cdkMenuItemTriggered)="act.emit({ kind: 'sign', document })"
                >
                  {{ 'documents.sign' | transloco }}
                </button>
              }
            }
            @if (document.signedCopy; as copy) {
              <button
                type="button"
                class="menu-item"
                cdkMenuItem
                [cdkMenuItemDisabled]="copy.state !== 'ready'"
                (cdkMenuItemTriggered)="act.emit({ kind: 'saveCopy', document, copy })"
              >
                {{ 'documents.saveCopy' | transloco }}
              </button>
            }
            @if (document.invoice) {
              <button type="button" class="menu-item" cdkMenuItem (cdkMenuItemTriggered)="saveInvoice.emit(document)">
                {{ 'documents.saveInvoice' | transloco }}
              </button>
            }
          }
        }
        @if (kind().allowed && one.candidate.missing.length === 0) {
          @for (language of kind().languages; track language) {
            <button
              type="button"
              class="menu-item"
              cdkMenuItem
              (cdkMenuItemTriggered)="make.emit({ candidates: [one.candidate], language })"
            >
              {{ 'documents.again' | transloco: { language: ('documents.in.' + language | transloco) } }}
            </button>
          }
        }
      </div>
    </ng-template>
  `,
  styles: `
    .line {
      display: flex;
      gap: 8px;
      align-items: flex-start;
    }
    .stack-s {
      min-width: 0;
    }
    .name {
      display: inline-flex;
      gap: 6px;
      align-items: center;
      padding: 0;
      border: 0;
      background: none;
      color: var(--link, var(--primary));
      font: inherit;
      font-weight: 550;
      text-align: start;
      overflow-wrap: anywhere;
      cursor: pointer;
    }
    .name:hover {
      text-decoration: underline;
    }
    .signed {
      font-weight: 450;
      font-size: 13px;
    }
    .acts {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    .acts:empty {
      display: none;
    }
    details ul {
      margin: 4px 0 0;
      padding-inline-start: 18px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DocumentLine {
  readonly standing = input.required<Standing>();
  readonly kind = input.required<DocumentKind>();
  readonly busy = input(false);
  readonly make = output<Making>();
  readonly open = output<Document>();
  readonly save = output<Document>();
  readonly saveInvoice = output<Document>();
  readonly retry = output<Document>();
  readonly act = output<DocumentAct>();
  /** The moves that the reader may make now. */
  readonly acceptable = input<ReadonlySet<string>>(new Set());
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);

  protected signedBy({ signatory, signedOn }: SignedCopy): string {
    return this.#transloco.translate('documents.signedBy', { who: signatory, day: this.#format.day(signedOn) });
  }

  /** When it was made, and by whom. */
  protected told({ createdAt, createdBy }: Document): string {
    const when = this.#format.instant(createdAt);
    return createdBy ? `${createdBy.name}, ${when}` : when;
  }
}
