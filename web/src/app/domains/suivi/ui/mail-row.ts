/** A mail that somebody shared: who with whom, about what, and its text, which opens on demand. */
import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Courriel } from '../../../api/models/courriel';
import { RecordRef } from '../../../api/models/record-ref';
import { AgoPipe, InstantPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';

@Component({
  selector: 'afpi-mail-row',
  imports: [AgoPipe, Icon, InstantPipe, RouterLink, TranslocoPipe],
  template: `
    @let one = mail();
    <span class="disc" aria-hidden="true"><afpi-icon name="mail" [size]="14" /></span>
    <div class="stack-s">
      <p class="row who">
        <span class="strong">{{ one.sharedBy.name }}</span>
        {{ (one.forwarded ? 'suivi.mail.forwarded' : 'suivi.mail.shared') | transloco }}
        @if (about(); as record) {
          <a
            class="small"
            [routerLink]="['/' + (record.kind === 'contacts' ? 'entreprises' : record.kind), record.opens]"
            >{{ record.label }}</a
          >
        }
        <time class="muted small" [attr.datetime]="one.at" [attr.title]="one.at | instant">{{ one.at | ago }}</time>
      </p>
      <details>
        <summary>
          <span class="subject">{{ one.subject || ('suivi.mail.noSubject' | transloco) }}</span>
        </summary>
        <dl class="small">
          <dt class="muted">{{ 'suivi.mail.from' | transloco }}</dt>
          <dd>{{ one.from }}</dd>
          @if (one.to.length) {
            <dt class="muted">{{ 'suivi.mail.to' | transloco }}</dt>
            <dd>{{ one.to.join(', ') }}</dd>
          }
        </dl>
        <p class="text pre">{{ one.text }}</p>
        @if (one.cut) {
          <p class="muted small">{{ 'suivi.mail.cut' | transloco }}</p>
        }
      </details>
      @if (one.files.length) {
        <ul class="files small" [attr.aria-label]="'suivi.mail.files' | transloco">
          @for (file of one.files; track $index) {
            <li>
              <afpi-icon name="file" [size]="13" />
              <span>{{ file.name }}</span>
              @if (file.refused; as why) {
                <span class="muted">({{ 'suivi.mail.refused.' + why | transloco }})</span>
              }
            </li>
          }
        </ul>
      }
      @if (mine()) {
        <p>
          <button type="button" class="btn btn-s btn-quiet" [disabled]="busy()" (click)="removed.emit()">
            {{ 'suivi.mail.remove' | transloco }}
          </button>
        </p>
      }
    </div>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: 26px minmax(0, 1fr);
      gap: 10px;
    }
    .disc {
      display: grid;
      place-items: center;
      width: 26px;
      height: 26px;
      border-radius: 50%;
      background: var(--surface-2);
      color: var(--muted);
    }
    .stack-s {
      gap: 4px;
    }
    .who {
      flex-wrap: wrap;
      gap: 2px 8px;
    }
    summary {
      color: var(--primary);
      cursor: pointer;
    }
    .subject,
    dd,
    .text,
    .files span {
      overflow-wrap: anywhere;
    }
    dl {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: 2px 8px;
      margin: 6px 0;
    }
    dd {
      margin: 0;
    }
    .text {
      padding: 6px 10px;
      border-left: 3px solid var(--border-strong);
      background: var(--surface-2);
      font-size: 13px;
    }
    .files {
      display: grid;
      gap: 2px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    .files li {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 6px;
      align-items: center;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MailRow {
  readonly mail = input.required<Courriel>();
  /** The record, when it is another one than the page's. */
  readonly about = input<RecordRef | null>();
  /** Did the reader share it? */
  readonly mine = input(false);
  readonly busy = input(false);
  readonly removed = output();
}
