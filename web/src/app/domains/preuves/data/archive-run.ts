/** Has archives of dossiers written, follows how far they are, and saves them: one as it is, several in one ZIP. */
import { Injectable, computed, inject, signal } from '@angular/core';
import { PreuveExport } from '../../../api/models/preuve-export';
import { pollWhile } from '../../../shared/http/poll';
import { Problems } from '../../../shared/http/problem';
import { Format } from '../../../shared/i18n/pipes';
import { ToastStore } from '../../../shared/ui/toast-store';
import { PreuveClient, Training } from './preuve-client';

/** Provide it in the component that shows it: it ends with it. */
@Injectable()
export class ArchiveRun {
  readonly #client = inject(PreuveClient);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #format = inject(Format);
  readonly #running = signal<PreuveExport | null>(null);
  readonly #asking = signal(false);
  readonly running = this.#running.asReadonly();
  readonly busy = computed(() => this.#running() !== null || this.#asking());

  constructor() {
    pollWhile(
      () => this.#running() !== null,
      () => this.#look(),
    );
  }

  async start(trainings: Training[]): Promise<void> {
    this.#asking.set(true);
    try {
      this.#running.set(await this.#client.export(trainings));
      await this.#look();
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.#asking.set(false);
    }
  }

  async #look(): Promise<void> {
    const { id } = this.#running() ?? {};
    if (!id) return;
    try {
      const now = await this.#client.progress(id);
      if (this.#running()?.id !== id) return;
      if (now.done < now.total) {
        this.#running.set(now);
        return;
      }
      this.#running.set(null);
      for (const { label, problem } of now.archives.filter(({ state }) => state === 'failed'))
        this.#toasts.show({ tone: 'bad', text: `${label} : ${problem ? this.#format.text(problem) : ''}` });
      const [first, ...more] = now.archives.filter(({ state }) => state === 'ready');
      if (more.length) await this.#client.saveAll(now);
      else if (first) await this.#client.save(first);
    } catch (error) {
      this.#running.set(null);
      this.#problems.report(error);
    }
  }
}
