/** On a record's page: the one before and the next one of the list it was opened from, and the way back to that list. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { CountPipe } from '../i18n/pipes';
import { Icon } from '../ui/icon';
import { Trail } from './trail';

@Component({
  selector: 'afpi-trail',
  imports: [CountPipe, Icon, RouterLink, TranslocoPipe],
  template: `
    @if (place(); as place) {
      <button
        type="button"
        class="btn btn-quiet btn-icon btn-s"
        aria-keyshortcuts="K Control+ArrowLeft"
        data-key="K"
        [attr.aria-label]="'common.previous' | transloco"
        [title]="('common.previous' | transloco) + ' (K)'"
        [disabled]="place.before === null"
        (click)="go(-1)"
      >
        <afpi-icon name="chevron-left" [size]="17" />
      </button>
      <a class="num small muted" [routerLink]="back()" [title]="'common.backToList' | transloco"
        >{{ place.at | count }} / {{ place.total | count }}{{ place.exact ? '' : '+' }}</a
      >
      <button
        type="button"
        class="btn btn-quiet btn-icon btn-s"
        aria-keyshortcuts="J Control+ArrowRight"
        data-key="J"
        [attr.aria-label]="'common.next' | transloco"
        [title]="('common.next' | transloco) + ' (J)'"
        [disabled]="place.after === null"
        (click)="go(1)"
      >
        <afpi-icon name="chevron-right" [size]="17" />
      </button>
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      gap: 2px;
      align-items: center;
      margin-block: -6px;
      white-space: nowrap;
    }
    @media print {
      :host {
        display: none;
      }
    }
  `,
  host: { '(document:keydown)': 'key($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TrailNav {
  /** The address of the list, under which its records have theirs. */
  readonly base = input.required<string>();
  readonly id = input.required<string>();
  readonly #trail = inject(Trail);
  readonly #router = inject(Router);
  protected readonly place = computed(() => this.#trail.place(this.base(), this.id()));
  protected readonly back = computed(() => this.#router.parseUrl(this.place()?.list ?? this.base()));

  protected key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || event.altKey || event.metaKey || event.shiftKey) return;
    if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
    if (document.querySelector('.cdk-overlay-pane:not(:empty)')) return;
    const steps: Record<string, -1 | 1> = event.ctrlKey ? { ArrowLeft: -1, ArrowRight: 1 } : { k: -1, j: 1 };
    const by = steps[event.key];
    if (!by || !this.place()) return;
    event.preventDefault();
    void this.go(by);
  }

  protected async go(by: -1 | 1): Promise<void> {
    if (by === 1 && this.place()?.after === undefined) await this.#trail.more(this.base());
    const to = by === 1 ? this.place()?.after : this.place()?.before;
    if (to) await this.#router.navigate([this.base(), to]);
  }
}
