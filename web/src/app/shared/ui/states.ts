/** The three states that are not "ready": loading, empty, failed. Every page shows them the same way. */
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Problems, isProblem } from '../http/problem';
import { Icon } from './icon';
import { IconName } from './icons';

/** Says why the list is empty, and offers the next step as projected content. */
@Component({
  selector: 'afpi-empty',
  imports: [Icon],
  template: `
    <span class="disc"><afpi-icon [name]="icon()" [size]="22" /></span>
    <h3>{{ title() }}</h3>
    @if (text()) {
      <p class="muted">{{ text() }}</p>
    }
    <ng-content />
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 8px;
      align-items: center;
      padding: 40px 20px;
      text-align: center;
    }
    .disc {
      display: grid;
      place-items: center;
      width: 48px;
      height: 48px;
      border-radius: 50%;
      background: var(--primary-soft);
      color: var(--primary);
    }
    p {
      max-width: 46ch;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Empty {
  readonly icon = input<IconName>('inbox');
  readonly title = input.required<string>();
  readonly text = input('');
}

/** A failed load, with a retry button. */
@Component({
  selector: 'afpi-failed',
  imports: [Icon, TranslocoPipe],
  template: `
    <div class="notice notice-bad" role="alert">
      <afpi-icon name="circle-alert" class="bad" />
      <div class="grow">
        <p class="strong">{{ (missing() ? 'problem.missingTitle' : 'problem.loadTitle') | transloco }}</p>
        <p>{{ message() }}</p>
      </div>
      @if (!missing()) {
        <button type="button" class="btn btn-s" (click)="retry.emit()">
          <afpi-icon name="retry" [size]="15" />{{ 'common.retry' | transloco }}
        </button>
      }
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Failed {
  readonly error = input.required<unknown>();
  readonly retry = output();
  readonly #problems = inject(Problems);
  protected readonly message = computed(() => this.#problems.message(this.error()));
  protected readonly missing = computed(() => isProblem(this.error(), 'not-found'));
}

/** Grey lines in place of loading content. */
@Component({
  selector: 'afpi-loading',
  imports: [TranslocoPipe],
  template: `
    <span class="sr-only" role="status">{{ 'common.loading' | transloco }}</span>
    @for (line of lines(); track $index) {
      <div class="skeleton" [class]="'w' + (line % 3)"></div>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 14px;
      padding: 18px;
    }
    .skeleton {
      height: 18px;
    }
    .w1 {
      width: 72%;
    }
    .w2 {
      width: 88%;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Loading {
  readonly rows = input(6);
  protected readonly lines = computed(() => Array.from({ length: this.rows() }, (_, index) => index));
}
