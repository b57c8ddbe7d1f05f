/** The reminders that are due today, per payer. They are marked once they are sent. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { listRelanceSteps } from '../../../api/fn/facturation/list-relance-steps';
import { listRelances } from '../../../api/fn/facturation/list-relances';
import { putRelanceSteps } from '../../../api/fn/facturation/put-relance-steps';
import { sendRelances } from '../../../api/fn/facturation/send-relances';
import { PayerRelances } from '../../../api/models/payer-relances';
import { Can } from '../../../shared/auth/can';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { Problems } from '../../../shared/http/problem';
import { DayPipe, MoneyPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { askForBatch } from '../../documents/public/batch-dialog';
import { STEPS_SCHEMA, stepsDocument, stepsOf } from '../util/settings-schemas';
import { SettingsDialog, SettingsQuestion } from './settings-dialog';

@Component({
  selector: 'afpi-relances',
  imports: [Can, DayPipe, Empty, Failed, Icon, Loading, MoneyPipe, RouterLink, TranslocoPipe, TxtPipe],
  template: `
    <div class="row">
      <p class="muted grow">{{ 'facturation.relancesIntro' | transloco }}</p>
      @if (maySet()) {
        <button type="button" class="btn" (click)="setSteps()">
          <afpi-icon name="pencil" [size]="16" />{{ 'facturation.editSteps' | transloco }}
        </button>
      }
      @if (due.hasValue() && due.value().length) {
        <button type="button" class="btn btn-primary" *afpiCan="'creances:write'" (click)="sendAll()">
          <afpi-icon name="mail" [size]="16" />{{ 'facturation.sendRelances' | transloco }}
        </button>
      }
    </div>
    @if (due.error(); as error) {
      <afpi-failed [error]="error" (retry)="due.reload()" />
    } @else if (!due.hasValue()) {
      <section class="card"><afpi-loading [rows]="6" /></section>
    } @else {
      @for (payer of due.value(); track payer.payer.key + payer.entiteLegale.id) {
        <section class="card" [attr.aria-labelledby]="'payer-' + $index">
          <header class="card-head">
            <h2 [id]="'payer-' + $index">
              {{ payer.payer.name || '—' }}
              @if (entities() > 1) {
                <span class="muted small">{{ payer.entiteLegale.name }}</span>
              }
            </h2>
            <span class="row">
              <b class="num">{{ payer.total | money }}</b>
              <ng-container *afpiCan="'creances:write'">
                <button type="button" class="btn" [disabled]="busy()" (click)="sent(payer)">
                  <afpi-icon name="check" [size]="16" />{{ 'facturation.markSent' | transloco }}
                </button>
                <button
                  type="button"
                  class="btn"
                  [attr.aria-label]="'facturation.remindNamed' | transloco: { name: payer.payer.name }"
                  (click)="remind(payer)"
                >
                  <afpi-icon name="mail" [size]="16" />{{ 'facturation.remind' | transloco }}
                </button>
              </ng-container>
            </span>
          </header>
          <div class="table-wrap">
            <table class="table cards" [attr.aria-label]="payer.payer.name">
              <thead>
                <tr>
                  <th scope="col">{{ 'facturation.number' | transloco }}</th>
                  <th scope="col">{{ 'facturation.step' | transloco }}</th>
                  <th scope="col">{{ 'facturation.dueOn' | transloco }}</th>
                  <th scope="col">{{ 'facturation.lastSent' | transloco }}</th>
                  <th scope="col" class="right">{{ 'facturation.balance' | transloco }}</th>
                </tr>
              </thead>
              <tbody>
                @for (row of payer.pieces; track row.creance.id) {
                  <tr>
                    <td class="main">
                      <span class="mono">{{ row.creance.number }}</span>
                      <div class="small">
                        <a [routerLink]="['/opportunites', row.creance.opportunite.id]">{{
                          row.creance.opportunite.numero
                        }}</a>
                      </div>
                    </td>
                    <td [attr.data-label]="'facturation.step' | transloco">
                      <span class="chip tone-warn"
                        ><span>{{ row.label | txt }}</span></span
                      >
                    </td>
                    <td [attr.data-label]="'facturation.dueOn' | transloco">
                      {{ row.creance.dueOn | day }}
                      <div class="small muted">{{ 'facturation.late' | transloco: { n: row.creance.daysLate } }}</div>
                    </td>
                    <td [attr.data-label]="'facturation.lastSent' | transloco">
                      {{ (row.last?.sentOn | day) || '—' }}
                    </td>
                    <td class="right num" [attr.data-label]="'facturation.balance' | transloco">
                      {{ row.creance.balance | money }}
                    </td>
                  </tr>
                }
              </tbody>
            </table>
          </div>
        </section>
      } @empty {
        <section class="card">
          <afpi-empty
            icon="circle-check"
            [title]="'facturation.noRelance' | transloco"
            [text]="'facturation.noRelanceText' | transloco"
          />
        </section>
      }
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    h2 {
      font-size: 15px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Relances {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #me = inject(Session);
  readonly #problems = inject(Problems);
  readonly #site = inject(Site);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly busy = signal(false);
  protected readonly due = resource({
    params: () => this.#site.filter(),
    loader: async ({ params }) => (await this.#api.invoke(listRelances, params)).data,
  });
  /** How many legal entities remind. */
  protected readonly entities = computed(
    () => new Set(this.due.hasValue() ? this.due.value().map(({ entiteLegale }) => entiteLegale.id) : []).size,
  );
  /** The steps hold for the whole network. */
  protected readonly maySet = computed(() => this.#me.can('creances:write') && this.#me.me()?.reach === 'network');

  /** Makes the letters and sends them; their steps are marked by it. */
  protected async sendAll(): Promise<void> {
    await askForBatch(this.#dialog, this.#site.filter());
    this.due.reload();
  }

  /** The letters to one payer: read, changed and sent. */
  protected async remind({ payer }: PayerRelances): Promise<void> {
    await askForBatch(this.#dialog, { ...this.#site.filter(), payer: payer.key });
    this.due.reload();
  }

  protected async setSteps(): Promise<void> {
    try {
      const { data } = await this.#api.invoke(listRelanceSteps);
      const question: SettingsQuestion = {
        title: 'facturation.editSteps',
        intro: 'facturation.stepsIntro',
        schema: STEPS_SCHEMA,
        before: stepsDocument(data),
        save: (document) => this.#api.invoke(putRelanceSteps, { body: { steps: stepsOf(document) } }),
      };
      const ref = this.#dialog.open<boolean>(SettingsDialog, {
        data: question,
        panelClass: 'dialog-panel',
        ariaLabelledBy: 'settings-title',
      });
      if (await firstValueFrom(ref.closed)) this.due.reload();
    } catch (error) {
      this.#problems.report(error);
    }
  }

  protected async sent(payer: PayerRelances): Promise<void> {
    this.busy.set(true);
    try {
      const pieces = payer.pieces.flatMap(({ creance, step }) =>
        creance.pieceId ? [{ pieceId: creance.pieceId, step }] : [],
      );
      await this.#api.invoke(sendRelances, { body: { pieces } });
      this.#toasts.done(this.#transloco.translate('facturation.marked', { n: pieces.length }));
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
      this.due.reload();
    }
  }
}
