/** One's open sessions: where they began, when they were used, and their end. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { endDevice } from '../../../api/fn/auth/end-device';
import { endOtherDevices } from '../../../api/fn/auth/end-other-devices';
import { listDevices } from '../../../api/fn/auth/list-devices';
import { Device } from '../../../api/models/device';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, InstantPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { readAgent } from '../util/agent';

@Component({
  selector: 'afpi-devices',
  imports: [AgoPipe, Failed, Icon, InstantPipe, Loading, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="devices-title">
      <header class="card-head">
        <h2 id="devices-title">{{ 'own.devices.title' | transloco }}</h2>
        @if (others() > 0) {
          <button type="button" class="btn btn-s" [disabled]="busy()" (click)="endOthers()">
            {{ 'own.devices.endOthers' | transloco }}
          </button>
        }
      </header>
      @if (devices.error(); as error) {
        <div class="card-body"><afpi-failed [error]="error" (retry)="devices.reload()" /></div>
      } @else if (devices.hasValue()) {
        <ul>
          @for (device of devices.value(); track device.id) {
            <li class="row-nowrap">
              <afpi-icon [name]="agent(device).mobile ? 'phone' : 'lock'" [size]="20" />
              <div class="grow">
                <p class="strong">
                  {{ name(device) }}
                  @if (device.current) {
                    <span class="chip tone-good">{{ 'own.devices.current' | transloco }}</span>
                  }
                </p>
                <p class="muted small">
                  {{ 'own.devices.used' | transloco }} {{ device.lastUsedAt | ago }} ·
                  {{ 'own.devices.started' | transloco }} {{ device.startedAt | instant }}
                  @if (device.address) {
                    · {{ device.address }}
                  }
                </p>
              </div>
              @if (!device.current) {
                <button
                  type="button"
                  class="btn btn-s"
                  [disabled]="busy()"
                  [attr.aria-label]="'own.devices.endOne' | transloco: { name: name(device) }"
                  (click)="end(device)"
                >
                  {{ 'own.devices.end' | transloco }}
                </button>
              }
            </li>
          }
        </ul>
      } @else {
        <afpi-loading [rows]="3" />
      }
    </section>
  `,
  styles: `
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      gap: 14px;
      padding: 12px 18px;
      border-top: 1px solid var(--border);
    }
    li:first-child {
      border-top: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Devices {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly devices = resource({ loader: async () => (await this.#api.invoke(listDevices)).data });
  protected readonly busy = signal(false);
  protected readonly others = computed(() =>
    this.devices.hasValue() ? this.devices.value().filter(({ current }) => !current).length : 0,
  );
  protected readonly agent = (device: Device): ReturnType<typeof readAgent> => readAgent(device.agent);

  protected name(device: Device): string {
    const { browser, system } = readAgent(device.agent);
    if (browser && system) return this.#transloco.translate('own.devices.on', { browser, system });
    return browser ?? system ?? this.#transloco.translate('own.devices.unknown');
  }
  protected end({ id }: Device): Promise<void> {
    return this.#done('own.devices.ended', () => this.#api.invoke(endDevice, { id }));
  }
  protected endOthers(): Promise<void> {
    return this.#done('own.devices.othersEnded', () => this.#api.invoke(endOtherDevices));
  }

  async #done(text: string, run: () => Promise<unknown>): Promise<void> {
    this.busy.set(true);
    try {
      await run();
      this.#toasts.done(this.#transloco.translate(text));
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
    this.devices.reload();
  }
}
