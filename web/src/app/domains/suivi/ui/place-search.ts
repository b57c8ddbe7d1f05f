/** Finds the record with which a mail is filed. */
import { ChangeDetectionStrategy, Component, DestroyRef, inject, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';
import { IconName } from '../../../shared/ui/icons';
import { Place } from '../util/place';

const PAUSE_MS = 250;
const ICONS: Record<Place['kind'], IconName> = {
  opportunites: 'briefcase',
  entreprises: 'building',
  contacts: 'user',
  formateurs: 'presentation',
  sessions: 'calendar',
};

@Component({
  selector: 'afpi-place-search',
  imports: [Icon, TranslocoPipe],
  template: `
    <label class="stack-s">
      <span class="strong">{{ 'mails.find' | transloco }}</span>
      <input class="input" type="search" autocomplete="off" maxlength="100" #field (input)="typed(field.value)" />
      <span class="muted small">{{ 'mails.findHint' | transloco }}</span>
    </label>
    <ul aria-live="polite">
      @for (place of found(); track place.kind + place.hit.id + $index) {
        <li>
          <button type="button" class="menu-item" [disabled]="busy()" (click)="chosen.emit(place)">
            <afpi-icon [name]="icons[place.kind]" [size]="16" />
            <span class="grow">{{ place.hit.title }}</span>
            <span class="muted small">{{ place.hit.detail }}</span>
          </button>
        </li>
      } @empty {
        @if (asked()) {
          <li class="muted small">{{ 'mails.nothing' | transloco }}</li>
        }
      }
    </ul>
  `,
  styles: `
    ul {
      margin: 6px 0 0;
      padding: 0;
      list-style: none;
    }
    .menu-item {
      width: 100%;
      text-align: left;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PlaceSearch {
  readonly found = input.required<readonly Place[]>();
  /** Was something looked for? */
  readonly asked = input.required<boolean>();
  readonly busy = input.required<boolean>();
  readonly words = output<string>();
  readonly chosen = output<Place>();
  protected readonly icons = ICONS;
  #pause?: ReturnType<typeof setTimeout>;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#pause);
    });
  }

  protected typed(text: string): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.words.emit(text.trim());
    }, PAUSE_MS);
  }
}
