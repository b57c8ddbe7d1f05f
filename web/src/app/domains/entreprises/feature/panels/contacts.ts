/** The contacts of a company. */
import { ChangeDetectionStrategy, Component, effect, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Entreprise } from '../../../../api/models/entreprise';
import { PanelContent, PanelFrame } from '../../../../shared/panels/panels';
import { Avatar } from '../../../../shared/ui/avatar';
import { Icon } from '../../../../shared/ui/icon';
import { Empty } from '../../../../shared/ui/states';

@Component({
  imports: [Avatar, Empty, Icon, TranslocoPipe],
  template: `
    <ul class="list">
      @for (contact of subject().contacts; track contact.id) {
        <li class="contact">
          <afpi-avatar [name]="(contact.firstName ?? '') + ' ' + contact.lastName" />
          <div class="grow">
            <p>
              <span class="strong">{{ contact.firstName }} {{ contact.lastName }}</span
              >&ngsp;
              @if (contact.main) {
                <span class="chip tone-good">{{ 'entreprises.mainContact' | transloco }}</span>
              }
            </p>
            @if (contact.function) {
              <p class="muted small">{{ contact.function }}</p>
            }
            <p class="row small">
              @if (contact.email) {
                <a [href]="'mailto:' + contact.email"><afpi-icon name="mail" [size]="14" /> {{ contact.email }}</a>
              }
              @if (contact.phone) {
                <a [href]="'tel:' + contact.phone"><afpi-icon name="phone" [size]="14" /> {{ contact.phone }}</a>
              }
            </p>
          </div>
        </li>
      } @empty {
        <li><afpi-empty icon="users" [title]="'entreprises.noContact' | transloco" /></li>
      }
    </ul>
  `,
  styles: `
    .contact {
      display: flex;
      gap: 12px;
      padding: 12px 18px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Contacts implements PanelContent<Entreprise> {
  readonly subject = input.required<Entreprise>();

  constructor() {
    const frame = inject(PanelFrame);
    effect(() => {
      frame.badge.set(String(this.subject().contacts.length));
    });
  }
}
