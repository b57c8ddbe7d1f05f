/** An opportunité beside its list: where it stands, what comes next, and its key facts. */
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  resource,
  signal,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Offer } from '../../../../api/models/offer';
import { Opportunite } from '../../../../api/models/opportunite';
import { OpportuniteItem } from '../../../../api/models/opportunite-item';
import { DayPipe, MoneyPipe } from '../../../../shared/i18n/pipes';
import { Peek } from '../../../../shared/lists/peek';
import { PeekFrame } from '../../../../shared/lists/peek-frame';
import { Avatar } from '../../../../shared/ui/avatar';
import { Icon } from '../../../../shared/ui/icon';
import { Failed, Loading } from '../../../../shared/ui/states';
import { OpportuniteClient } from '../../data/opportunite-client';
import { WorkflowStore } from '../../data/workflow-store';
import { AgeBadge } from '../../public/age-badge';
import { StatusChip } from '../../public/status-chip';
import { OfferBar } from '../../ui/offer-bar';
import { WaitsOnView } from '../../ui/waits-on';
import { Moves } from '../moves';

@Component({
  imports: [
    AgeBadge,
    Avatar,
    DayPipe,
    Failed,
    Icon,
    Loading,
    MoneyPipe,
    OfferBar,
    PeekFrame,
    RouterLink,
    StatusChip,
    TranslocoPipe,
    WaitsOnView,
  ],
  template: `
    @if (peek().row(); as row) {
      @let item = shown() ?? row;
      <afpi-peek-frame [peek]="peek()" [name]="item.title" [kicker]="item.numero" [link]="['/opportunites', item.id]">
        <p class="row">
          <span class="amount num">{{ item.amount | money }}</span>
          <afpi-status-chip [status]="item.status" [section]="item.section" [outcome]="item.outcome" />
          @if (item.outcome === 'open' || item.outcome === 'won') {
            <afpi-age [since]="item.sectionSince" [late]="item.late" />
          }
        </p>
        @if (read.error(); as error) {
          <afpi-failed [error]="error" (retry)="read.reload()" />
        } @else if (record(); as record) {
          @if (record.offers.length && workflow()) {
            <div class="next row">
              <afpi-offer-bar
                [offers]="record.offers"
                [workflow]="workflow()!"
                [busy]="busy()"
                (take)="take(record, $event)"
                (jump)="router.navigate(['/opportunites', record.id])"
              />
            </div>
          }
        } @else {
          <afpi-loading [rows]="2" />
        }
        <dl class="facts">
          <dt>{{ 'opportunites.field.entreprise' | transloco }}</dt>
          <dd>
            <a [routerLink]="['/entreprises', item.entreprise.id]">{{ item.entreprise.name }}</a>
          </dd>
          <dt>{{ 'opportunites.column.waitsOn' | transloco }}</dt>
          <dd><afpi-waits-on [on]="item.waitsOn" [bare]="true" /></dd>
          <dt>{{ 'opportunites.field.commercial' | transloco }}</dt>
          <dd class="row-nowrap"><afpi-avatar [name]="item.commercial.name" />{{ item.commercial.name }}</dd>
          <dt>{{ 'opportunites.field.localisation' | transloco }}</dt>
          <dd>{{ item.localisation.name }}</dd>
          <dt>{{ 'opportunites.field.kind' | transloco }}</dt>
          <dd>{{ 'kind.' + item.kind | transloco }}</dd>
          <dt>{{ 'opportunites.field.budget' | transloco }}</dt>
          <dd class="num">{{ item.budget | money }}</dd>
          <dt>{{ 'record.created' | transloco }}</dt>
          <dd>{{ item.createdAt | day }}</dd>
        </dl>
        @if (item.sentBack?.reason; as reason) {
          <p class="notice notice-warn">
            <afpi-icon name="undo" class="warn" /><span class="pre">{{ reason }}</span>
          </p>
        }
      </afpi-peek-frame>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    .amount {
      font-size: 18px;
      font-weight: 680;
      letter-spacing: -0.015em;
    }
    .next {
      padding: 12px;
      border-radius: var(--radius);
      background: var(--surface-2);
    }
    afpi-offer-bar {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OpportunitePeek {
  readonly peek = input.required<Peek<OpportuniteItem>>();
  readonly #client = inject(OpportuniteClient);
  readonly #workflows = inject(WorkflowStore);
  readonly #moves = inject(Moves);
  protected readonly router = inject(Router);
  protected readonly busy = signal(false);
  protected readonly read = resource({
    params: () => this.peek().row()?.id,
    loader: ({ params }) => this.#client.get(params),
  });
  readonly #record = linkedSignal<Opportunite | undefined>(() =>
    this.read.hasValue() ? this.read.value() : undefined,
  );
  /** Of this row, not of the one before. */
  protected readonly record = computed(() => {
    const record = this.#record();
    return record?.id === this.peek().row()?.id ? record : undefined;
  });
  /** The list may know a newer state, after an edit there. */
  protected readonly shown = computed(() => {
    const [record, row] = [this.record(), this.peek().list.items()[this.peek().at()]];
    return record && row && row.version > record.version ? row : (record ?? row);
  });
  readonly #workflow = resource({
    params: () => this.record(),
    loader: ({ params }) => this.#workflows.of(params),
  });
  protected readonly workflow = computed(() => (this.#workflow.hasValue() ? this.#workflow.value() : undefined));

  protected async take(record: Opportunite, offer: Offer): Promise<void> {
    this.busy.set(true);
    const told = (now: Opportunite): void => {
      if (this.#record()?.id === now.id) this.#record.set(now);
      this.peek().list.patch((items) => items.map((item) => (item.id === now.id ? { ...item, ...now } : item)));
    };
    const moved = await this.#moves.take(record, offer, (undone) => {
      told(undone.record);
    });
    told(moved.record);
    this.busy.set(false);
  }
}
