/** In place of a record that is in the bin: since when, by whom, why, until when, and the way back. */
import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { CorbeilleItem } from '../../../api/models/corbeille-item';
import { Session } from '../../../shared/auth/session';
import { isProblem } from '../../../shared/http/problem';
import { AgoPipe, DayPipe } from '../../../shared/i18n/pipes';
import { Language } from '../../../shared/i18n/language';
import { Empty } from '../../../shared/ui/states';
import { Bin } from '../data/bin';
import { CORBEILLE_TEXTS } from '../data/corbeille-texts';

/** What the bin knows of a record whose reading failed with this error. */
export function binned(error: unknown): CorbeilleItem | null {
  return isProblem(error, 'in-bin') ? (error.problem.corbeille ?? null) : null;
}

@Component({
  selector: 'afpi-in-bin',
  imports: [AgoPipe, DayPipe, Empty, TranslocoPipe],
  template: `
    @if (ready()) {
      @let found = item();
      <section class="card">
        <h1 class="sr-only">{{ found.label }}</h1>
        <afpi-empty
          icon="trash"
          [title]="'corbeille.here' | transloco: { label: found.label }"
          [text]="'corbeille.why' | transloco: { reason: found.reason }"
        >
          <p class="muted small">{{ 'corbeille.by' | transloco: { by: found.by } }} · {{ found.at | ago }}</p>
          <p class="muted small">{{ 'corbeille.purge' | transloco: { day: (found.purgeAt | day) } }}</p>
          @if (may()) {
            <button type="button" class="btn btn-primary" [disabled]="busy()" (click)="restore()">
              {{ 'corbeille.restore' | transloco }}
            </button>
          }
        </afpi-empty>
      </section>
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class InBin {
  readonly item = input.required<CorbeilleItem>();
  readonly restored = output();
  readonly #bin = inject(Bin);
  readonly #session = inject(Session);
  protected readonly ready = signal(false);
  protected readonly busy = signal(false);
  protected readonly may = computed(() => this.#session.can('corbeille:use'));

  constructor() {
    void inject(Language)
      .add(CORBEILLE_TEXTS)
      .then(() => {
        this.ready.set(true);
      });
  }

  protected async restore(): Promise<void> {
    this.busy.set(true);
    const back = await this.#bin.restore([this.item()]);
    this.busy.set(false);
    if (back) this.restored.emit();
  }
}
