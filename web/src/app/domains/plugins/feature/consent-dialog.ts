/** What an uploaded version asks for, in plain sentences. It becomes active only when somebody accepts exactly this. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { activatePluginVersion } from '../../../api/fn/plugins/activate-plugin-version';
import { deletePluginVersion } from '../../../api/fn/plugins/delete-plugin-version';
import { PluginVersion } from '../../../api/models/plugin-version';
import { Problems } from '../../../shared/http/problem';
import { Format, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { ToastStore } from '../../../shared/ui/toast-store';
import { demandsOf } from '../util/demands';
import { LevelBadge } from '../ui/level-badge';
import { PluginIcon } from './plugin-icon';
import { Wish } from '../ui/wish';

@Component({
  imports: [Icon, LevelBadge, PluginIcon, TranslocoPipe, TxtPipe, Wish],
  templateUrl: './consent-dialog.html',
  styles: `
    .asks {
      display: flex;
      flex-direction: column;
      gap: 7px;
    }
    .asks > li {
      display: flex;
      gap: 8px;
      align-items: flex-start;
      padding: 4px 8px;
      border-radius: var(--radius-s);
      overflow-wrap: anywhere;
    }
    .asks > .grown {
      background: var(--warn-soft);
    }
    .asks > .gone {
      background: var(--surface-2);
    }
    .asks > li > afpi-icon {
      margin-top: 3px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConsentDialog {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  protected readonly version = inject<PluginVersion>(DIALOG_DATA);
  /** Closes with `true` after a decision. */
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly changes = this.version.changes;
  protected readonly demands = demandsOf(this.version);
  protected readonly same = computed(() => !!this.changes?.from && !this.changes.consentRequired);
  protected readonly busy = signal(false);
  protected readonly refusal = signal('');
  protected readonly icon = { id: this.version.pluginId, version: this.version.version, sha256: this.version.sha256 };
  readonly #where = { id: this.version.pluginId, version: this.version.version };

  /** Is a limit above that of the active version? */
  protected grown(limit: 'memory-mib' | 'call-ms'): boolean {
    return this.changes?.more.includes(`/limits/${limit}`) ?? false;
  }
  protected amount(value: number | null | undefined, unit: string): string {
    return value === null || value === undefined
      ? this.#transloco.translate('pluginConsent.standard')
      : `${this.#format.count(value)} ${unit}`;
  }

  protected accept(): Promise<void> {
    return this.#decide(async () => {
      const { settings } = await this.#api.invoke(activatePluginVersion, {
        ...this.#where,
        body: { consent: this.version.consent },
      });
      const text = this.#transloco.translate('pluginConsent.done', { version: this.version.version });
      const details = settings.length
        ? [this.#transloco.translate('pluginConsent.settings', { list: settings.map(({ name }) => name).join(', ') })]
        : [];
      this.#toasts.show({ tone: 'good', text, details });
    });
  }

  protected refuse(): Promise<void> {
    return this.#decide(async () => {
      await this.#api.invoke(deletePluginVersion, this.#where);
      this.#toasts.done(this.#transloco.translate('pluginConsent.refusedDone', { version: this.version.version }));
    });
  }

  async #decide(act: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    this.refusal.set('');
    try {
      await act();
      this.ref.close(true);
    } catch (error) {
      this.refusal.set(this.#problems.message(error));
    } finally {
      this.busy.set(false);
    }
  }
}
