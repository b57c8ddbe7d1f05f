/**
 * The record's history, newest first: who did what, when, why, what changed. Users who manage plugins also see which
 * one decided.
 */
import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { FieldChange } from '../../../api/models/field-change';
import { HistoriqueEntry } from '../../../api/models/historique-entry';
import { HistoriqueHook } from '../../../api/models/historique-hook';
import { Session } from '../../../shared/auth/session';
import { AgoPipe, Format, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Avatar } from '../../../shared/ui/avatar';
import { describePath, describeValue, isShown } from '../util/describe';
import { WorkflowView } from '../util/workflow-view';

const AT_FIRST = 12;

@Component({
  selector: 'afpi-timeline',
  imports: [AgoPipe, Avatar, InstantPipe, TranslocoPipe, TxtPipe],
  template: `
    <ol>
      @for (entry of shown() ? entries() : entries().slice(0, most); track entry.id) {
        <li>
          <afpi-avatar [name]="entry.actor.name" />
          <div class="stack-s">
            <p>
              <span class="strong">{{ entry.actor.name }}</span>
              {{ 'history.' + (refusedMove(entry) ? 'refusedMove' : entry.kind) | transloco }}
              @if ((entry.kind === 'moved' || refusedMove(entry)) && entry.transition) {
                «&nbsp;{{ workflow().transitionLabel(entry.transition) | txt }}&nbsp;»
              }
            </p>
            @if (entry.kind === 'moved' && entry.target) {
              <p class="small">
                @if (entry.source) {
                  {{ workflow().statusLabel(entry.source) | txt }} →
                }
                <span class="strong">{{ workflow().statusLabel(entry.target) | txt }}</span>
              </p>
            }
            @if (entry.refusal; as refusal) {
              <p class="reason refusal pre">
                {{
                  'history.' + (refusal.failed ? 'refusedFailed' : 'refusedBy') + (named ? '' : 'Rule')
                    | transloco: { plugin: (refusal.plugin | txt), reason: (refusal.reason | txt) }
                }}
              </p>
            } @else if (entry.reason) {
              <p class="reason pre">{{ entry.reason }}</p>
            }
            @if (named && entry.hooks?.length) {
              <p class="small muted">{{ 'history.asked' | transloco: { hooks: asked(entry) } }}</p>
            }
            @if (changes(entry); as changes) {
              <details>
                <summary class="small">{{ 'history.changes' | transloco: { n: changes.length } }}</summary>
                <dl>
                  @for (change of changes; track change.field) {
                    <dt>{{ path(change) }}</dt>
                    <dd class="pre">
                      @if (was(change); as old) {
                        <s class="muted">{{ old }}</s> →
                      }
                      {{ is(change) || '—' }}
                    </dd>
                  }
                </dl>
              </details>
            }
            <p class="muted small">
              <time [attr.datetime]="entry.at" [attr.title]="entry.at | instant">{{ entry.at | ago }}</time>
              @if (named) {
                · {{ entry.plugin.id }} {{ entry.plugin.version }}
              }
            </p>
          </div>
        </li>
      }
    </ol>
    @if (!shown() && entries().length > most) {
      <button type="button" class="btn btn-s" (click)="shown.set(true)">
        {{ 'history.all' | transloco: { n: entries().length } }}
      </button>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    ol {
      display: flex;
      flex-direction: column;
      gap: 16px;
    }
    li {
      position: relative;
      display: grid;
      grid-template-columns: 26px minmax(0, 1fr);
      gap: 12px;
    }
    li:not(:last-child)::before {
      content: '';
      position: absolute;
      top: 32px;
      bottom: -10px;
      left: 12px;
      border-left: 2px solid var(--border);
    }
    .stack-s {
      gap: 2px;
    }
    .reason {
      padding: 6px 10px;
      border-left: 3px solid var(--border-strong);
      background: var(--surface-2);
      font-size: 13px;
    }
    .refusal {
      border-left-color: var(--bad);
    }
    summary {
      color: var(--primary);
      cursor: pointer;
    }
    dl {
      margin-top: 6px;
      font-size: 12.5px;
    }
    dt {
      color: var(--muted);
    }
    dd + dt {
      margin-top: 6px;
    }
    .btn {
      margin-top: 14px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Timeline {
  readonly entries = input.required<HistoriqueEntry[]>();
  readonly workflow = input.required<WorkflowView>();
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);
  protected readonly shown = signal(false);
  /** Only users who manage plugins see their names. */
  protected readonly named = inject(Session).can('plugins:read');
  protected readonly most = AT_FIRST;

  /** A hook refused a transition. A refused edit has none to name. */
  protected refusedMove(entry: HistoriqueEntry): boolean {
    return entry.kind === 'refused' && !!entry.transition;
  }
  /** The hooks in the order they were asked, each with its answer. */
  protected asked(entry: HistoriqueEntry): string {
    const said = ({ plugin, answer }: HistoriqueHook): string =>
      `${this.#format.text(plugin)} (${this.#transloco.translate(`history.answer.${answer}`)})`;
    return (entry.hooks ?? []).map(said).join(', ');
  }
  /** The changed fields that forms show. */
  protected changes(entry: HistoriqueEntry): FieldChange[] | undefined {
    const shown = entry.changes?.filter((change) => isShown(change.field, this.workflow()));
    return shown?.length ? shown : undefined;
  }
  protected path(change: FieldChange): string {
    // A field of the host's own has its words with it.
    return change.label ? this.#format.text(change.label) : describePath(change.field, this.workflow(), this.#format);
  }
  protected was(change: FieldChange): string {
    return describeValue(change.from, change.field, this.workflow(), this.#format);
  }
  protected is(change: FieldChange): string {
    return describeValue(change.to, change.field, this.workflow(), this.#format);
  }
}
