/**
 * One act of the timeline: who did what, why, what changed. Users who manage plugins also see which one decided and
 * which hooks were asked.
 */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { HistoriqueHook } from '../../../api/models/historique-hook';
import { JournalChange } from '../../../api/models/journal-change';
import { SuiviEntry } from '../../../api/models/suivi-entry';
import { Session } from '../../../shared/auth/session';
import { AgoPipe, Format, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { ActWords, elsewhere, plainValue, sentence, told } from '../util/act';

const ICONS = {
  mail: 'mail',
  document: 'file',
  mouvement: 'arrow-right',
  modification: 'pencil',
  note: 'pencil',
  tache: 'check',
} as const;

@Component({
  selector: 'afpi-act-row',
  imports: [AgoPipe, Icon, InstantPipe, RouterLink, TranslocoPipe, TxtPipe],
  template: `
    @let one = entry();
    <span class="disc" aria-hidden="true"><afpi-icon [name]="icons[one.kind]" [size]="14" /></span>
    @if (one.act; as act) {
      <div class="stack-s">
        <p>
          <span class="strong">{{ act.actor.name ?? ('suivi.actor.' + act.actor.kind | transloco) }}</span>
          {{ sentence() | transloco }}
          @if (move(); as name) {
            «&nbsp;{{ name }}&nbsp;»
          }
        </p>
        @if (target(); as link) {
          <p class="small">
            <a [routerLink]="link">{{ act.subject.name ? (act.subject.name | txt) : act.subject.id }}</a>
          </p>
        }
        @if (act.act === 'moved' && act.labels?.target; as to) {
          <p class="small">
            @if (act.labels?.source; as from) {
              {{ from | txt }} →
            }
            <span class="strong">{{ to | txt }}</span>
          </p>
        }
        @if (act.refusal; as refusal) {
          <p class="reason refusal pre">
            {{
              'suivi.act.' + (refusal.failed ? 'refusedFailed' : 'refusedBy') + (named ? '' : 'Rule')
                | transloco: { plugin: (refusal.plugin | txt), reason: (refusal.reason | txt) }
            }}
          </p>
        } @else if (act.reason) {
          <p class="reason pre">{{ act.reason }}</p>
        }
        @if (named && act.hooks?.length) {
          <p class="small muted">{{ 'suivi.act.asked' | transloco: { hooks: asked() } }}</p>
        }
        @if (names().length) {
          <p class="small pre">{{ names().join('\\n') }}</p>
        } @else if (changes().length) {
          <details>
            <summary class="small">{{ 'suivi.act.changes' | transloco: { n: changes().length } }}</summary>
            <dl>
              @for (change of changes(); track change.field) {
                <dt>{{ field(change) }}</dt>
                <dd class="pre">
                  @if (value(change.from, change); as old) {
                    <s class="muted">{{ old }}</s> →
                  }
                  {{ value(change.to, change) || '—' }}
                </dd>
              }
            </dl>
          </details>
        }
        <p class="muted small">
          <time [attr.datetime]="one.at" [attr.title]="one.at | instant">{{ one.at | ago }}</time>
          @if (named && act.plugin) {
            · {{ act.plugin }} {{ act.pluginVersion }}
          }
        </p>
      </div>
    }
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
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ActRow {
  readonly entry = input.required<SuiviEntry>();
  /** The id of the record whose page this is. */
  readonly record = input.required<string>();
  /** Of an opportunité: the words of its forms. */
  readonly words = input<ActWords>();

  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);
  /** Only users who manage plugins see their names. */
  protected readonly named = inject(Session).can('plugins:read');
  protected readonly icons = ICONS;
  protected readonly sentence = computed(() => sentence(this.entry()));
  protected readonly target = computed(() => {
    const { act } = this.entry();
    return act ? elsewhere(act, this.record()) : null;
  });
  /** The name of a move. Of a refused one the journal knows the plugin that refused, and not the workflow's words. */
  protected readonly move = computed(() => {
    const { act } = this.entry();
    if (!act?.transition || (act.act !== 'moved' && act.act !== 'refused')) return null;
    const label = act.labels?.transition;
    return label ? this.#format.text(label) : (this.words()?.move(act.transition) ?? null);
  });
  /** The changed fields that forms show. */
  protected readonly changes = computed(() => {
    const changes = this.entry().act?.changes ?? [];
    return changes.filter(({ field }) => this.words()?.shown(field) ?? true);
  });
  /** Of files, documents and mails: what they are called. */
  protected readonly names = computed(() =>
    ['document', 'mail'].includes(this.entry().kind) ? told(this.entry().act?.changes ?? []) : [],
  );
  /** The hooks in the order they were asked, each with its answer. */
  protected asked(): string {
    const said = ({ plugin, answer }: HistoriqueHook): string =>
      `${this.#format.text(plugin)} (${this.#transloco.translate(`suivi.act.answer.${answer}`)})`;
    return (this.entry().act?.hooks ?? []).map(said).join(', ');
  }
  protected field(change: JournalChange): string {
    // The words of the form say more than those of the server, which know no row.
    const label = change.label ? this.#format.text(change.label) : change.field.replace(/^\//, '');
    const words = this.words()?.field(change.field);
    return words && words !== change.field.replace(/^\//, '') ? words : label;
  }
  protected value(value: unknown, change: JournalChange): string {
    return this.words()?.value(value, change.field) ?? plainValue(value);
  }
}
