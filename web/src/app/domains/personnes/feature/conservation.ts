/** How long personal data is kept: the rules, what is due under each, and the switch that erases it by itself. */
import { ChangeDetectionStrategy, Component, inject, resource, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { applyConservation } from '../../../api/fn/personnes/apply-conservation';
import { getConservation } from '../../../api/fn/personnes/get-conservation';
import { listConservationDue } from '../../../api/fn/personnes/list-conservation-due';
import { putConservation } from '../../../api/fn/personnes/put-conservation';
import { ConservationRegle } from '../../../api/models/conservation-regle';
import { ConservationUpdate } from '../../../api/models/conservation-update';
import { Problems } from '../../../shared/http/problem';
import { CountPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';

@Component({
  selector: 'afpi-conservation',
  imports: [CountPipe, Failed, Icon, Loading, TranslocoPipe, TxtPipe],
  templateUrl: './conservation.html',
  styleUrl: './conservation.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Conservation {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);

  protected readonly all = resource({ loader: () => this.#api.invoke(getConservation, {}) });
  /** The rule whose due records are shown. */
  protected readonly open = signal<string | null>(null);
  protected readonly due = resource({
    params: () => this.open() ?? undefined,
    loader: ({ params: regle }) => this.#api.invoke(listConservationDue, { regle }),
  });
  protected readonly busy = signal(false);

  protected years({ least, most }: ConservationRegle): number[] {
    return Array.from({ length: most - least + 1 }, (_, n) => least + n);
  }
  protected toggle(id: string): void {
    this.open.update((open) => (open === id ? null : id));
  }
  protected async change(regle: ConservationRegle, change: Partial<ConservationUpdate>): Promise<void> {
    const { id, years, automatic, due } = regle;
    const body = { years, automatic, ...change };
    const starts = body.automatic && !automatic && due > 0;
    if (starts && !(await this.#asked(regle, 'personnes.keep.switch'))) {
      // The box shows again what holds.
      this.all.reload();
      return;
    }
    await this.#run(async () => {
      await this.#api.invoke(putConservation, { regle: id, body });
      this.#toasts.done(this.#transloco.translate('common.saved'));
    });
  }
  protected async erase(regle: ConservationRegle): Promise<void> {
    if (!(await this.#asked(regle, 'personnes.keep.apply'))) return;
    await this.#run(async () => {
      let n = 0;
      for (;;) {
        const { erased, due } = await this.#api.invoke(applyConservation, { regle: regle.id });
        n += erased;
        if (erased === 0 || due === 0) break;
      }
      this.#toasts.done(this.#transloco.translate('personnes.keep.erased', { n }));
    });
  }
  #asked({ due: n }: ConservationRegle, yes: string): Promise<boolean> {
    const translate = (key: string): string => this.#transloco.translate(key, { n });
    return this.#confirm.ask({
      title: translate('personnes.keep.sure'),
      body: translate('personnes.keep.sureText'),
      yes: translate(yes),
      danger: true,
    });
  }
  async #run(work: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    try {
      await work();
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
      this.all.reload();
      this.due.reload();
    }
  }
}
