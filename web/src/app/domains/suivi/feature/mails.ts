/** One's mails that belong to no record yet: each is filed with a record, or discarded. */
import { ChangeDetectionStrategy, Component, inject, resource, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Courriel } from '../../../api/models/courriel';
import { Problems } from '../../../shared/http/problem';
import { Confirm } from '../../../shared/ui/confirm';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { MailClient } from '../data/mail-client';
import { DropBox } from '../public/drop-box';
import { MailRow } from '../ui/mail-row';
import { PlaceSearch } from '../ui/place-search';
import { Place } from '../util/place';

@Component({
  imports: [DropBox, Empty, Failed, Loading, MailRow, PlaceSearch, TranslocoPipe],
  template: `
    <div class="page page-narrow">
      <header class="page-head">
        <div>
          <h1>{{ 'mails.title' | transloco }}</h1>
          <p class="muted">{{ 'mails.text' | transloco }}</p>
        </div>
      </header>
      @if (mails.error(); as error) {
        <section class="card card-body"><afpi-failed [error]="error" (retry)="mails.reload()" /></section>
      } @else if (!mails.hasValue()) {
        <section class="card"><afpi-loading [rows]="4" /></section>
      } @else {
        @for (mail of mails.value(); track mail.id) {
          <section
            class="card card-body stack"
            [attr.aria-label]="mail.subject || ('suivi.mail.noSubject' | transloco)"
          >
            <afpi-mail-row [mail]="mail" />
            @if (open() === mail.id) {
              <afpi-place-search
                [found]="found.hasValue() ? found.value() : []"
                [asked]="words().length > 1 && !found.isLoading()"
                [busy]="busy()"
                (words)="words.set($event)"
                (chosen)="file(mail, $event)"
              />
            }
            <p class="row">
              @if (open() !== mail.id) {
                <button
                  type="button"
                  class="btn btn-s"
                  [attr.aria-label]="'mails.fileOne' | transloco: { subject: mail.subject }"
                  (click)="choose(mail)"
                >
                  {{ 'mails.file' | transloco }}
                </button>
              }
              <button type="button" class="btn btn-s btn-quiet" [disabled]="busy()" (click)="discard(mail)">
                {{ 'mails.discard' | transloco }}
              </button>
            </p>
          </section>
        } @empty {
          <section class="card">
            <afpi-empty icon="mail" [title]="'mails.none' | transloco" [text]="'mails.noneText' | transloco" />
          </section>
        }
      }
      <afpi-drop-box />
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Mails {
  readonly #client = inject(MailClient);
  readonly #confirm = inject(Confirm);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly mails = resource({ loader: () => this.#client.pending() });
  protected readonly busy = signal(false);
  /** The mail whose record is looked for. */
  protected readonly open = signal<string | null>(null);
  protected readonly words = signal('');
  protected readonly found = resource({
    params: () => (this.words().length > 1 ? this.words() : undefined),
    loader: ({ params }) => this.#client.places(params),
  });

  protected choose(mail: Courriel): void {
    this.words.set('');
    this.open.set(mail.id);
  }
  protected file(mail: Courriel, place: Place): Promise<void> {
    return this.#doing('mails.filed', () => this.#client.file(mail, place));
  }
  protected async discard(mail: Courriel): Promise<void> {
    const sure = await this.#confirm.ask({
      title: this.#transloco.translate('mails.discardTitle'),
      body: this.#transloco.translate('mails.discardBody'),
      yes: this.#transloco.translate('mails.discard'),
      danger: true,
    });
    if (sure) await this.#doing('mails.discarded', () => this.#client.remove(mail));
  }

  async #doing(told: string, act: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    try {
      await act();
      this.open.set(null);
      this.#toasts.done(this.#transloco.translate(told));
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
      this.mails.reload();
    }
  }
}
