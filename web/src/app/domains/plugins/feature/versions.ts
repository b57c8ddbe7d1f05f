/** The uploaded versions of a plugin: consent, rollback, and removal. */
import { ChangeDetectionStrategy, Component, inject, input, output, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { removePlugin } from '../../../api/fn/plugins/remove-plugin';
import { rollbackPlugin } from '../../../api/fn/plugins/rollback-plugin';
import { PluginDetail } from '../../../api/models/plugin-detail';
import { PluginVersion } from '../../../api/models/plugin-version';
import { Problems } from '../../../shared/http/problem';
import { InstantPipe } from '../../../shared/i18n/pipes';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { ToastStore } from '../../../shared/ui/toast-store';
import { LevelBadge } from '../ui/level-badge';

@Component({
  selector: 'afpi-plugin-versions',
  imports: [Icon, InstantPipe, LevelBadge, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="versions-title">
      <header class="card-head">
        <h2 id="versions-title">{{ 'pluginVersions.title' | transloco }}</h2>
      </header>
      <div class="table-wrap">
        <table class="table cards">
          <thead>
            <tr>
              <th scope="col">{{ 'pluginVersions.version' | transloco }}</th>
              <th scope="col">{{ 'plugins.state' | transloco }}</th>
              <th scope="col">{{ 'pluginVersions.level' | transloco }}</th>
              <th scope="col">{{ 'plugins.installedAt' | transloco }}</th>
              <th scope="col">
                <span class="sr-only">{{ 'common.actions' | transloco }}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            @for (version of versions(); track version.version) {
              <tr>
                <td class="main strong">{{ version.version }}</td>
                <td [attr.data-label]="'plugins.state' | transloco">
                  <span
                    class="chip"
                    [class]="version.state === 'active' ? 'tone-good' : version.state === 'staged' ? 'tone-warn' : ''"
                    >{{ 'pluginVersions.state.' + version.state | transloco }}</span
                  >
                </td>
                <td [attr.data-label]="'pluginVersions.level' | transloco"><afpi-level [level]="version.level" /></td>
                <td [attr.data-label]="'plugins.installedAt' | transloco">{{ version.installedAt | instant }}</td>
                <td class="right">
                  @if (version.state === 'staged') {
                    <button
                      type="button"
                      class="btn btn-primary btn-s"
                      [disabled]="busy()"
                      [attr.aria-label]="'pluginVersions.reviewOne' | transloco: { version: version.version }"
                      (click)="review.emit(version)"
                    >
                      <afpi-icon name="eye" [size]="15" />{{ 'pluginVersions.review' | transloco }}
                    </button>
                  }
                  @if (version.state === 'previous') {
                    <button type="button" class="btn btn-s" [disabled]="busy()" (click)="rollback(version)">
                      <afpi-icon name="undo" [size]="15" />{{
                        'pluginVersions.rollback' | transloco: { version: version.version }
                      }}
                    </button>
                  }
                </td>
              </tr>
            }
          </tbody>
        </table>
      </div>
      <footer class="card-foot row">
        @if (plugin().state === 'active') {
          <button type="button" class="btn btn-s" [disabled]="busy()" (click)="remove(false)">
            <afpi-icon name="trash" [size]="15" />{{ 'pluginVersions.uninstall' | transloco }}
          </button>
        }
        @if (plugin().state === 'removed') {
          <button type="button" class="btn btn-s" [disabled]="busy()" (click)="remove(true)">
            <afpi-icon name="trash" [size]="15" />{{ 'pluginVersions.purge' | transloco }}
          </button>
        }
      </footer>
    </section>
  `,
  styles: `
    .card-foot:empty {
      display: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Versions {
  readonly plugin = input.required<PluginDetail>();
  readonly versions = input.required<PluginVersion[]>();
  /** A request to read what this version asks for. */
  readonly review = output<PluginVersion>();
  /** The plugin has changed. `purged` when there may be nothing left to show. */
  readonly changed = output<{ purged: boolean }>();
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly busy = signal(false);

  protected async rollback({ version }: PluginVersion): Promise<void> {
    const say = (key: 'rollbackTitle' | 'rollbackText' | 'rollback' | 'rolledBack'): string =>
      this.#transloco.translate('pluginVersions.' + key, { version });
    if (!(await this.#confirm.ask({ title: say('rollbackTitle'), body: say('rollbackText'), yes: say('rollback') })))
      return;
    await this.#act(false, say('rolledBack'), () => this.#api.invoke(rollbackPlugin, { id: this.plugin().id }));
  }

  protected async remove(purge: boolean): Promise<void> {
    const say = (key: string): string =>
      this.#transloco.translate((purge ? 'pluginVersions.purge' : 'pluginVersions.uninstall') + key);
    if (!(await this.#confirm.ask({ title: say('Title'), body: say('Text'), yes: say(''), danger: true }))) return;
    const done = this.#transloco.translate(purge ? 'pluginVersions.purged' : 'pluginVersions.uninstalled');
    await this.#act(purge, done, () => this.#api.invoke(removePlugin, { id: this.plugin().id, purge }));
  }

  async #act(purged: boolean, done: string, act: () => Promise<unknown>): Promise<void> {
    this.busy.set(true);
    try {
      await act();
      this.#toasts.done(done);
      this.changed.emit({ purged });
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
  }
}
