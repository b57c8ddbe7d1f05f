/** Who must act next, by name. The same on the record, in lists and on cards. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { WaitsOn } from '../../../api/models/waits-on';
import { Format } from '../../../shared/i18n/pipes';
import { Language } from '../../../shared/i18n/language';

/** More people than this are shown as the role and their number. */
const NAMED = 2;

interface Awaited {
  /** Names, or a role when there is nobody or too many. */
  who: string;
  /** The role, when names are shown. */
  role: string;
  /** All names, when they are not shown. */
  all: string;
}

@Component({
  selector: 'afpi-waits-on',
  imports: [TranslocoPipe],
  template: `
    @if (bare()) {
      @for (one of shown(); track $index) {
        <span class="one" [attr.title]="one.all || one.role || null">{{ one.who }}{{ $last ? '' : ', ' }}</span>
      } @empty {
        <span class="muted">—</span>
      }
    } @else {
      @if (outside(); as one) {
        <span class="muted small"
          >{{ 'record.waitsFor' | transloco }} <span class="strong">{{ one.who }}</span></span
        >&ngsp;
      }
      @if (inside().length) {
        <span class="muted small"
          >{{ (outside() ? 'record.followedBy' : 'record.waitsFor') | transloco }}
          @for (one of inside(); track $index) {
            <span class="strong" [attr.title]="one.all || null">{{ one.who }}</span>{{
              one.role ? ' (' + one.role + ')' : ''
            }}{{ $last ? '' : ', ' }}
          }
        </span>
      }
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    .one {
      overflow-wrap: break-word;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WaitsOnView {
  readonly on = input.required<WaitsOn[]>();
  /** Only names, when a heading explains them. */
  readonly bare = input(false);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  readonly #language = inject(Language);

  readonly #all = computed(() => {
    this.#language.tag();
    return this.on().map(({ role, names }) => ({
      inside: !!role,
      empty: names.length === 0,
      ...this.#said(role ? this.#transloco.translate(`role.${role}`) : '', names),
    }));
  });
  protected readonly outside = computed(() => this.#all().find(({ inside }) => !inside));
  protected readonly inside = computed(() => this.#all().filter(({ inside }) => inside));
  /**
   * Who blocks the record: an outsider, otherwise people of the house. A role without people only if there is no other.
   */
  protected readonly shown = computed(() => {
    const outside = this.outside();
    const named = this.inside().filter(({ empty }) => !empty);
    return outside ? [outside] : named.length ? named : this.inside();
  });

  #said(role: string, names: string[]): Awaited {
    if (!names.length) return { who: role, role: '', all: '' };
    if (role && names.length > NAMED) return { who: `${role} (${names.length})`, role: '', all: names.join(', ') };
    return { who: this.#format.list(names), role, all: '' };
  }
}
