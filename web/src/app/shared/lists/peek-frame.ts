/** The frame of what is shown beside a list: the name of the row, the rows around it, its page, and the way out. */
import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';
import { LIST_TEXTS } from './list-texts';
import { Peek } from './peek';
import { Row } from './selection';

@Component({
  selector: 'afpi-peek-frame',
  imports: [Icon, RouterLink, TranslocoPipe],
  template: `
    @if (ready()) {
      @let shown = peek();
      <section class="card" [attr.aria-label]="'common.peek' | transloco: { name: name() }">
        <header>
          <span class="grow ellipsis muted small">{{ kicker() }}</span>
          <button
            type="button"
            class="btn btn-quiet btn-icon btn-s"
            [attr.aria-label]="'common.previous' | transloco"
            [disabled]="shown.at() < 1"
            (click)="shown.step(-1)"
          >
            <afpi-icon name="arrow-up" [size]="16" />
          </button>
          <button
            type="button"
            class="btn btn-quiet btn-icon btn-s"
            [attr.aria-label]="'common.next' | transloco"
            [disabled]="shown.at() + 1 >= shown.list.items().length && !shown.list.hasMore()"
            (click)="shown.step(1)"
          >
            <afpi-icon name="arrow-down" [size]="16" />
          </button>
          <a class="btn btn-quiet btn-icon btn-s" [routerLink]="link()" [attr.aria-label]="'lists.open' | transloco">
            <afpi-icon name="external" [size]="16" />
          </a>
          <button
            type="button"
            class="btn btn-quiet btn-icon btn-s"
            [attr.aria-label]="'common.close' | transloco"
            (click)="shown.close()"
          >
            <afpi-icon name="x" [size]="17" />
          </button>
        </header>
        <div class="content">
          <h2>
            <a [routerLink]="link()">{{ name() }}</a>
          </h2>
          <ng-content />
        </div>
        <footer class="small muted">
          <span><kbd>J</kbd>&ngsp;<kbd>K</kbd> {{ 'lists.keys.walk' | transloco }}</span
          ><span><kbd>↵</kbd> {{ 'lists.keys.open' | transloco }}</span
          ><span><kbd>Esc</kbd> {{ 'lists.keys.close' | transloco }}</span>
        </footer>
      </section>
    }
  `,
  styleUrl: './peek-frame.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PeekFrame<T extends Row> {
  readonly peek = input.required<Peek<T>>();
  readonly name = input.required<string>();
  /** Above the name: a number, a place. */
  readonly kicker = input('');
  /** The page of the record. */
  readonly link = input.required<string[]>();
  protected readonly ready = signal(false);

  constructor() {
    void inject(Language)
      .add(LIST_TEXTS)
      .then(() => {
        this.ready.set(true);
      });
  }
}
