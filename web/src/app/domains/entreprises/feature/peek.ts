/** A company beside its list: how to reach it, whom, and its key facts. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getEntreprise } from '../../../api/fn/entreprises/get-entreprise';
import { EntrepriseItem } from '../../../api/models/entreprise-item';
import { Can } from '../../../shared/auth/can';
import { formatSiret } from '../../../shared/forms/siret';
import { AgoPipe, CountPipe, MoneyPipe } from '../../../shared/i18n/pipes';
import { Peek } from '../../../shared/lists/peek';
import { PeekFrame } from '../../../shared/lists/peek-frame';
import { Avatar } from '../../../shared/ui/avatar';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';

@Component({
  imports: [AgoPipe, Avatar, Can, CountPipe, Failed, Icon, Loading, MoneyPipe, PeekFrame, RouterLink, TranslocoPipe],
  template: `
    @if (item(); as item) {
      <afpi-peek-frame
        [peek]="peek()"
        [name]="item.name"
        [kicker]="item.localisation.name"
        [link]="['/entreprises', item.id]"
      >
        <p class="row">
          @if (item.kind) {
            <span class="chip">{{ 'entrepriseKind.' + item.kind | transloco }}</span>
          }
          @for (tag of item.tags; track tag) {
            <span class="chip tone-primary">{{ tag }}</span>
          }
          @if (!item.active) {
            <span class="chip tone-warn">{{ 'common.inactive' | transloco }}</span>
          }
        </p>
        <p class="row">
          @if (item.phone) {
            <a class="btn btn-s" [href]="'tel:' + item.phone"><afpi-icon name="phone" [size]="15" />{{ item.phone }}</a>
          }
          @if (item.email) {
            <a class="btn btn-s" [href]="'mailto:' + item.email"
              ><afpi-icon name="mail" [size]="15" />{{ 'entreprises.field.email' | transloco }}</a
            >
          }
          <a
            class="btn btn-s btn-primary"
            routerLink="/opportunites/nouvelle"
            [queryParams]="{ entreprise: item.id }"
            *afpiCan="'opportunites:create'"
            ><afpi-icon name="plus" [size]="15" />{{ 'opportunites.create' | transloco }}</a
          >
        </p>
        <dl class="facts">
          <dt>{{ 'outcome.open' | transloco }}</dt>
          <dd class="num">
            @if (item.openOpportunites) {
              <span class="strong">{{ item.openOpportunites | count }}</span> · {{ item.openAmount | money: 'round' }}
            } @else {
              —
            }
          </dd>
          <dt>{{ 'entreprises.field.address' | transloco }}</dt>
          <dd>{{ address() || '—' }}</dd>
          @if (item.siret) {
            <dt>{{ 'entreprises.field.siret' | transloco }}</dt>
            <dd class="num">{{ siret(item.siret) }}</dd>
          }
          @if (item.headcount) {
            <dt>{{ 'entreprises.field.headcount' | transloco }}</dt>
            <dd class="num">{{ item.headcount | count }}</dd>
          }
          @if (item.opco) {
            <dt>{{ 'entreprises.field.opco' | transloco }}</dt>
            <dd>{{ item.opco }}</dd>
          }
          <dt>{{ 'entreprises.updatedAt' | transloco }}</dt>
          <dd>{{ item.updatedAt | ago }}</dd>
        </dl>
        @if (read.error(); as error) {
          <afpi-failed [error]="error" (retry)="read.reload()" />
        } @else if (contacts(); as contacts) {
          <h3>{{ 'entreprises.contacts' | transloco }}</h3>
          <ul class="stack-s">
            @for (contact of contacts; track contact.id) {
              <li class="row-nowrap">
                <afpi-avatar [name]="(contact.firstName ?? '') + ' ' + contact.lastName" />
                <span class="grow"
                  ><span class="strong">{{ contact.firstName }} {{ contact.lastName }}</span
                  ><span class="muted small ellipsis line">{{ contact.function }}</span></span
                >
                @if (contact.phone) {
                  <a
                    class="btn btn-quiet btn-icon btn-s"
                    [href]="'tel:' + contact.phone"
                    [attr.aria-label]="contact.phone"
                    [title]="contact.phone"
                    ><afpi-icon name="phone" [size]="15"
                  /></a>
                }
                @if (contact.email) {
                  <a
                    class="btn btn-quiet btn-icon btn-s"
                    [href]="'mailto:' + contact.email"
                    [attr.aria-label]="contact.email"
                    [title]="contact.email"
                    ><afpi-icon name="mail" [size]="15"
                  /></a>
                }
              </li>
            } @empty {
              <li class="muted">{{ 'entreprises.noContact' | transloco }}</li>
            }
          </ul>
        } @else {
          <afpi-loading [rows]="3" />
        }
      </afpi-peek-frame>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    .line {
      display: block;
    }
    h3 {
      font-size: 13px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EntreprisePeek {
  readonly peek = input.required<Peek<EntrepriseItem>>();
  readonly #api = inject(Api);
  protected readonly siret = formatSiret;
  /** As the list has it, also after an edit there. */
  protected readonly item = computed(() => this.peek().list.items()[this.peek().at()] ?? this.peek().row());
  protected readonly address = computed(() => {
    const { line1, postcode, city } = this.item()?.address ?? {};
    return [line1, [postcode, city].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  });
  protected readonly read = resource({
    params: () => this.peek().row()?.id,
    loader: ({ params }) => this.#api.invoke(getEntreprise, { id: params }),
  });
  protected readonly contacts = computed(() => {
    const record = this.read.hasValue() ? this.read.value() : undefined;
    return record?.id === this.peek().row()?.id ? record?.contacts : undefined;
  });
}
