/** Erases a person: what goes, what stays and why, and the reason. A refusal is shown in the dialog. */
import { ChangeDetectionStrategy, Component, inject, resource, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { erasePersonne } from '../../../api/fn/personnes/erase-personne';
import { previewEffacement } from '../../../api/fn/personnes/preview-effacement';
import { Personne } from '../../../api/models/personne';
import { Problems } from '../../../shared/http/problem';
import { CountPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { written } from '../data/written';

/** Whom: the person's name, and the records. */
export interface EraseQuestion {
  name: string;
  records: readonly Pick<Personne, 'kind' | 'id'>[];
}

@Component({
  imports: [CountPipe, Failed, Icon, Loading, TxtPipe, TranslocoPipe],
  template: `
    <form class="dialog" (submit)="apply($event, reason.value)">
      <header>
        <h2 id="erase-title">{{ 'personnes.erase.title' | transloco: { name: question.name } }}</h2>
      </header>
      <div class="body stack">
        @if (refusal(); as why) {
          <p class="notice notice-bad" role="alert"><afpi-icon name="circle-alert" class="bad" />{{ why }}</p>
        }
        @if (told.error(); as error) {
          <afpi-failed [error]="error" (retry)="told.reload()" />
        } @else if (!told.hasValue()) {
          <afpi-loading [rows]="4" />
        } @else {
          @let what = told.value();
          @for (blocker of what.blockers; track blocker.code) {
            <p class="notice notice-warn"><afpi-icon name="warning" class="warn" />{{ blocker.message | txt }}</p>
          }
          <section class="stack-s">
            <h3>{{ 'personnes.erase.goes' | transloco }}</h3>
            <ul>
              @for (place of what.erases; track place.label.fr) {
                <li>
                  <span>{{ place.label | txt }}</span><span class="muted num">{{ place.rows | count }}</span>
                </li>
              }
            </ul>
          </section>
          @if (what.keeps.length) {
            <section class="stack-s">
              <h3>{{ 'personnes.erase.stays' | transloco }}</h3>
              <ul>
                @for (place of what.keeps; track place.label.fr) {
                  <li>
                    <span
                      >{{ place.label | txt }}<br /><span class="muted small">{{ place.reason | txt }}</span></span
                    ><span class="muted num">{{ place.rows | count }}</span>
                  </li>
                }
              </ul>
              <p class="muted small">{{ 'personnes.erase.namesakes' | transloco }}</p>
            </section>
          }
        }
        <div class="field">
          <label for="erase-reason">{{ 'personnes.erase.reason' | transloco }}</label>
          <input #reason id="erase-reason" class="input" required maxlength="300" aria-describedby="erase-hint" />
          <p id="erase-hint" class="hint">{{ 'personnes.erase.hint' | transloco }}</p>
        </div>
      </div>
      <footer>
        <button type="button" class="btn" (click)="ref.close(false)">{{ 'common.cancel' | transloco }}</button>
        <button
          type="submit"
          class="btn btn-danger"
          [disabled]="busy() || !told.hasValue() || told.value().blockers.length > 0"
        >
          {{ 'personnes.erase.apply' | transloco }}
        </button>
      </footer>
    </form>
  `,
  styles: `
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      gap: 16px;
      justify-content: space-between;
      padding: 6px 0;
      border-top: 1px solid var(--border);
    }
    li:first-child {
      border-top: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EraseDialog {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly question = inject<EraseQuestion>(DIALOG_DATA);
  protected readonly busy = signal(false);
  protected readonly refusal = signal('');
  protected readonly told = resource({
    loader: () => this.#api.invoke(previewEffacement, { records: written(this.question.records) }),
  });

  protected async apply(event: Event, reason: string): Promise<void> {
    event.preventDefault();
    if (this.busy() || !reason.trim()) return;
    this.busy.set(true);
    this.refusal.set('');
    try {
      const records = this.question.records.map(({ kind, id }) => ({ kind, id }));
      const body = { records, reason: reason.trim() };
      await this.#api.invoke(erasePersonne, { body });
      this.ref.close(true);
    } catch (error) {
      this.refusal.set(this.#problems.message(error));
    } finally {
      this.busy.set(false);
    }
  }
}
