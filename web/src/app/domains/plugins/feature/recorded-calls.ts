/** The newest recorded calls of a site: time, function, result. Only the file has their content. */
import { ChangeDetectionStrategy, Component, inject, input, resource } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listRecordedCalls } from '../../../api/fn/plugins/list-recorded-calls';
import { Format, InstantPipe } from '../../../shared/i18n/pipes';
import { Failed, Loading } from '../../../shared/ui/states';
import { bytes } from '../util/figures';

@Component({
  selector: 'afpi-recorded-calls',
  imports: [Failed, InstantPipe, Loading, TranslocoPipe],
  template: `
    @if (calls.hasValue()) {
      @if (calls.value().length < kept()) {
        <p class="muted small">{{ 'pluginRecordings.newest' | transloco: { n: calls.value().length } }}</p>
      }
      <div class="scroll" tabindex="0" role="group" [attr.aria-label]="'pluginRecordings.calls' | transloco">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{{ 'pluginRecordings.at' | transloco }}</th>
              <th scope="col">{{ 'pluginRecordings.function' | transloco }}</th>
              <th scope="col">{{ 'pluginRecordings.answer' | transloco }}</th>
              <th scope="col" class="right">{{ 'pluginRecordings.size' | transloco }}</th>
            </tr>
          </thead>
          <tbody>
            @for (call of calls.value(); track $index) {
              <tr>
                <td class="num">{{ call.at | instant }}</td>
                <td class="mono">{{ call.function }}</td>
                <td>
                  <span class="chip" [class]="call.refused ? 'tone-warn' : 'tone-good'">{{
                    'pluginRecordings.' + (call.refused ? 'refused' : 'answered') | transloco
                  }}</span>
                </td>
                <td class="num right">{{ size(call.bytes) }}</td>
              </tr>
            }
          </tbody>
        </table>
      </div>
    } @else if (calls.error(); as error) {
      <afpi-failed [error]="error" (retry)="calls.reload()" />
    } @else {
      <afpi-loading [rows]="3" />
    }
  `,
  styles: `
    .scroll {
      max-height: 320px;
      margin-top: 8px;
      overflow: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RecordedCalls {
  readonly plugin = input.required<string>();
  readonly site = input.required<string>();
  /** Their number: another number means that the list is outdated. */
  readonly kept = input.required<number>();
  readonly #api = inject(Api);
  readonly #format = inject(Format);
  protected readonly calls = resource({
    params: () => ({ id: this.plugin(), localisationId: this.site(), kept: this.kept() }),
    loader: async ({ params: { id, localisationId } }) =>
      (await this.#api.invoke(listRecordedCalls, { id, localisationId })).data,
  });

  protected size(value: number): string {
    return bytes(value, this.#format);
  }
}
