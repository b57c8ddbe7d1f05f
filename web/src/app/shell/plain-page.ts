/** The pages “not found” and “not allowed”. The route's data says which one. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Empty } from '../shared/ui/states';

@Component({
  imports: [Empty, RouterLink, TranslocoPipe],
  template: `
    <div class="page page-narrow">
      <h1 class="sr-only">{{ kind() + '.title' | transloco }}</h1>
      <section class="card">
        <afpi-empty
          [icon]="kind() === 'forbidden' ? 'shield' : 'search'"
          [title]="kind() + '.title' | transloco"
          [text]="kind() + '.text' | transloco"
        >
          <a class="btn btn-primary" routerLink="/">{{ 'notFound.home' | transloco }}</a>
        </afpi-empty>
      </section>
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PlainPage {
  readonly kind = input<'notFound' | 'forbidden'>('notFound');
}
