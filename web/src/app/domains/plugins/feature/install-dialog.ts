/** Uploads a chosen or dropped plugin file. Closes with the uploaded version, which is not active yet. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { PluginVersion } from '../../../api/models/plugin-version';
import { Problems } from '../../../shared/http/problem';
import { Icon } from '../../../shared/ui/icon';
import { Upload, refusalOf } from '../data/upload';

@Component({
  imports: [Icon, TranslocoPipe],
  template: `
    <div class="dialog">
      <header>
        <h2 id="install-title">{{ 'pluginInstall.title' | transloco }}</h2>
      </header>
      <div class="body">
        @if (refusal()) {
          <div class="notice notice-bad" role="alert">
            <afpi-icon name="circle-alert" class="bad" />
            <div>
              <p class="strong">{{ 'pluginInstall.refused' | transloco }}</p>
              <p>{{ refusal() }}</p>
            </div>
          </div>
        }
        @if (file(); as sent) {
          <p role="status">
            {{
              part() < 1
                ? ('pluginInstall.sending' | transloco: { name: sent.name })
                : ('pluginInstall.checking' | transloco)
            }}
          </p>
          <progress
            [value]="part()"
            max="1"
            [attr.aria-label]="'pluginInstall.sending' | transloco: { name: sent.name }"
          >
            {{ percent() }} %
          </progress>
        } @else {
          <div
            class="zone"
            [class.over]="over()"
            (dragover)="hover($event)"
            (dragleave)="over.set(false)"
            (drop)="drop($event)"
          >
            <p>{{ 'pluginInstall.drop' | transloco }}</p>
            <label class="btn btn-primary">
              <afpi-icon name="file" [size]="16" />{{ 'pluginInstall.choose' | transloco }}
              <input type="file" class="sr-only" accept=".wasm,application/wasm" (change)="choose($event)" />
            </label>
          </div>
          <p class="muted small">{{ 'pluginInstall.next' | transloco }}</p>
        }
      </div>
      <footer>
        <button type="button" class="btn" (click)="ref.close()">{{ 'common.cancel' | transloco }}</button>
      </footer>
    </div>
  `,
  styles: `
    .zone {
      display: flex;
      flex-direction: column;
      gap: 14px;
      align-items: center;
      padding: 28px 18px;
      border: 2px dashed var(--border-strong);
      border-radius: var(--radius-l);
      text-align: center;
    }
    .zone.over {
      border-color: var(--primary);
      background: var(--primary-soft);
    }
    .btn:focus-within {
      outline: 2px solid var(--primary);
      outline-offset: 2px;
    }
    .btn {
      position: relative;
    }
    progress {
      width: 100%;
      accent-color: var(--primary);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class InstallDialog {
  readonly #upload = inject(Upload);
  readonly #problems = inject(Problems);
  readonly #transloco = inject(TranslocoService);
  protected readonly ref = inject<DialogRef<PluginVersion>>(DialogRef);
  protected readonly file = signal<File | null>(null);
  protected readonly part = signal(0);
  protected readonly percent = computed(() => Math.round(this.part() * 100));
  protected readonly over = signal(false);
  protected readonly refusal = signal('');

  protected hover(event: DragEvent): void {
    event.preventDefault();
    this.over.set(true);
  }
  protected drop(event: DragEvent): void {
    event.preventDefault();
    this.over.set(false);
    void this.#take(event.dataTransfer?.files[0]);
  }
  protected choose(event: Event): void {
    const field = event.target as HTMLInputElement;
    void this.#take(field.files?.[0]);
    field.value = ''; // so that the same file, built again, can be chosen again
  }

  async #take(file: File | undefined): Promise<void> {
    if (!file) return;
    const wrong = refusalOf(file);
    this.refusal.set(wrong ? this.#transloco.translate(wrong) : '');
    if (wrong) return;
    this.part.set(0);
    this.file.set(file);
    try {
      this.ref.close(
        await this.#upload.send(file, (part) => {
          this.part.set(part);
        }),
      );
    } catch (error) {
      this.refusal.set(this.#problems.message(error));
      this.file.set(null);
    }
  }
}
