/** The open findings about a record, the gravest first, and the way to all of them. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, resource, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listAnomalies } from '../../../api/fn/anomalies/list-anomalies';
import { AnomalieSubjectKind } from '../../../api/models/anomalie-subject-kind';
import { Language } from '../../../shared/i18n/language';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { PanelFrame } from '../../../shared/panels/panels';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ANOMALIES_TEXTS } from '../data/anomalies-texts';
import { icon } from '../data/words';

/** How many are shown. */
const SHOWN = 5;

@Component({
  selector: 'afpi-findings',
  imports: [Failed, Icon, Loading, RouterLink, TranslocoPipe, TxtPipe],
  template: `
    @if (findings.error(); as error) {
      <div class="card-body"><afpi-failed [error]="error" (retry)="findings.reload()" /></div>
    } @else if (!findings.hasValue() || !ready()) {
      <afpi-loading [rows]="1" />
    } @else {
      @let page = findings.value();
      <div class="card-body stack-s">
        <ul>
          @for (finding of page.data; track finding.id) {
            <li class="small">
              <afpi-icon [name]="icon(finding.severity)" [size]="15" [class]="'is-' + finding.severity" />
              <span
                ><span class="sr-only">{{ 'anomalies.severity.' + finding.severity | transloco }} : </span
                >{{ finding.message | txt }}</span
              >
            </li>
          } @empty {
            <li class="muted small">
              <afpi-icon name="circle-check" [size]="15" /><span>{{ 'anomalies.here' | transloco }}</span>
            </li>
          }
        </ul>
        @if (page.meta.total) {
          <a class="small" routerLink="/anomalies" [queryParams]="{ q: label() }">{{ 'anomalies.all' | transloco }}</a>
        }
      </div>
    }
  `,
  styles: `
    ul {
      display: grid;
      gap: 8px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: 8px;
      align-items: start;
      overflow-wrap: anywhere;
    }
    .is-fault {
      color: var(--bad);
    }
    .is-warning {
      color: var(--warn);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Findings {
  readonly kind = input.required<AnomalieSubjectKind>();
  readonly record = input.required<string>();
  /** Its number, which the page of all findings is searched for. */
  readonly label = input.required<string>();
  /** Every change of the record may have put something right. */
  readonly version = input.required<number>();
  readonly #api = inject(Api);
  readonly #frame = inject(PanelFrame);
  protected readonly icon = icon;
  protected readonly ready = signal(false);
  readonly #seen = computed(() => ({ kind: this.kind(), record: this.record(), version: this.version() }), {
    equal: (one, two) => one.record === two.record && one.version === two.version,
  });
  protected readonly findings = resource({
    params: () => this.#seen(),
    loader: ({ params: { kind, record } }) => this.#api.invoke(listAnomalies, { kind, record, limit: SHOWN }),
  });

  constructor() {
    void inject(Language)
      .add(ANOMALIES_TEXTS)
      .then(() => {
        this.ready.set(true);
      });
    effect(() => {
      const total = this.findings.hasValue() ? this.findings.value().meta.total : 0;
      this.#frame.badge.set(total ? String(total) : null);
    });
  }
}
