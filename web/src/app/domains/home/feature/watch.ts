/** What the installation needs from an administrator, or that it needs nothing. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Loading } from '../../../shared/ui/states';
import { WatchClient } from '../data/watch-client';

@Component({
  selector: 'afpi-watch',
  imports: [Icon, Loading, RouterLink, TranslocoPipe, TxtPipe],
  template: `
    <section class="card" aria-labelledby="watch-title">
      <header class="card-head">
        <h2 id="watch-title">{{ 'home.watch.title' | transloco }}</h2>
        @if (found.hasValue() && found.value().findings.length) {
          <span class="badge">{{ found.value().findings.length }}</span>
        }
      </header>
      @if (!found.hasValue()) {
        <afpi-loading [rows]="3" />
      } @else {
        <ul>
          @for (one of found.value().findings; track $index) {
            <li>
              <a [routerLink]="one.path" [queryParams]="one.query ?? null">
                <span class="disc" [class]="one.bad ? 'tone-bad' : 'tone-warn'"
                  ><afpi-icon [name]="one.icon" [size]="16"
                /></span>
                <span class="grow">{{
                  'home.watch.' + one.kind | transloco: { n: one.n, name: (one.name | txt) }
                }}</span>
                <afpi-icon class="muted" name="chevron-right" [size]="16" />
              </a>
            </li>
          } @empty {
            <li class="calm">
              <span class="disc tone-good"><afpi-icon name="circle-check" [size]="16" /></span>
              <span class="muted">{{ 'home.watch.calm' | transloco }}</span>
            </li>
          }
          @if (found.value().unanswered; as n) {
            <li class="calm">
              <span class="disc tone-warn"><afpi-icon name="warning" [size]="16" /></span>
              <span class="grow muted">{{ 'home.watch.unanswered' | transloco: { n } }}</span>
              <button type="button" class="btn btn-s" (click)="found.reload()">{{ 'common.retry' | transloco }}</button>
            </li>
          }
        </ul>
      }
    </section>
  `,
  styles: `
    ul {
      padding: 6px 0;
    }
    a,
    .calm {
      display: flex;
      gap: 12px;
      align-items: center;
      padding: 8px 18px;
      color: inherit;
    }
    a:hover {
      background: var(--surface-2);
      text-decoration: none;
    }
    .disc {
      display: grid;
      place-items: center;
      flex: none;
      width: 30px;
      height: 30px;
      border-radius: var(--radius);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Watch {
  readonly #client = inject(WatchClient);
  protected readonly found = resource({ loader: () => this.#client.read() });
}
