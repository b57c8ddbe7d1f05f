/** Who pays how much of the total: a bar each for asked, agreed, done, invoiced and paid, split by payer. */
import { ChangeDetectionStrategy, Component, Injector, computed, inject, input, resource } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { MoneyPipe } from '../i18n/pipes';
import { FORM_CONTEXT, FORM_DOCUMENT } from './context';
import { Measure, coverageOf, sumOf } from './coverage';
import { FieldSpec, Json, fieldsOf } from './schema';
import { DELIVERED_SOURCE } from './sources';

interface Bar {
  measure: Measure | 'done';
  amount: number;
  parts: { tone: number; percent: number }[];
}

@Component({
  selector: 'afpi-coverage-bar',
  imports: [MoneyPipe, TranslocoPipe],
  template: `
    @if (coverage(); as now) {
      <div class="coverage">
        <div class="bars" aria-hidden="true">
          @for (bar of bars(); track bar.measure) {
            <span class="small muted">{{ 'form.coverage.' + bar.measure | transloco }}</span>
            <span class="track">
              @for (part of bar.parts; track $index) {
                <i [class]="'part part-' + part.tone" [style.width.%]="part.percent"></i>
              }
            </span>
            <span class="small num">{{ bar.amount | money }}</span>
          }
        </div>
        <div class="scroll" tabindex="0" role="region" [attr.aria-label]="'form.coverage.title' | transloco">
          <table class="shares">
            <caption class="sr-only">
              {{
                'form.coverage.title' | transloco
              }}
            </caption>
            <thead>
              <tr>
                <th scope="col">{{ 'form.coverage.payer' | transloco }}</th>
                @for (measure of measures; track measure) {
                  <th scope="col" class="right">{{ 'form.coverage.' + measure | transloco }}</th>
                }
              </tr>
            </thead>
            <tbody>
              @for (share of now.shares; track $index) {
                <tr>
                  <th scope="row">
                    <i [class]="'dot part-' + ($index % 6)" aria-hidden="true"></i
                    >{{ share.name ?? ('form.coverage.own' | transloco) }}
                  </th>
                  @for (measure of measures; track measure) {
                    <td class="right num">{{ share[measure] | money }}</td>
                  }
                </tr>
              }
            </tbody>
          </table>
        </div>
        <p class="small left">
          @if (done() !== null) {
            <span
              >{{ 'form.coverage.done' | transloco }} <b class="num">{{ done()! | money }}</b></span
            >
          }
          <span
            >{{ 'form.coverage.total' | transloco }} <b class="num">{{ now.total | money }}</b></span
          >
          <span [class.bad]="now.open !== 0"
            >{{ 'form.coverage.open' | transloco }} <b class="num">{{ now.open | money }}</b></span
          >
          <span
            >{{ 'form.coverage.left' | transloco }} <b class="num">{{ now.total - paid() | money }}</b></span
          >
        </p>
      </div>
    }
  `,
  styleUrl: './coverage-bar.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CoverageBar {
  readonly spec = input.required<FieldSpec>();
  readonly rows = input.required<Json[]>();
  readonly #context = inject(FORM_CONTEXT);
  readonly #document = inject(FORM_DOCUMENT);
  readonly #injector = inject(Injector);
  readonly #delivered = inject(DELIVERED_SOURCE, { optional: true });
  protected readonly measures: readonly Measure[] = ['asked', 'agreed', 'invoiced', 'paid'];

  protected readonly coverage = computed(() => {
    const { coverage, children } = this.spec();
    const { written } = this.#context();
    if (!coverage || !written) return null;
    const [, section = '', list = ''] = coverage.invoiced.at.split('/');
    const invoices = fieldsOf(written.forms[section] ?? {}).find(({ key }) => key === list)?.children ?? [];
    const now = coverageOf(coverage, {
      rows: this.rows(),
      document: this.#document.value(),
      documents: written.documents,
      columns: children,
      invoices,
    });
    return now.total > 0 ? now : null;
  });
  readonly #trained = resource({
    params: () => this.#context().record ?? undefined,
    loader: async ({ params }) => {
      const load = this.#delivered;
      return load ? this.#injector.get(await load()).of(params) : null;
    },
  });
  /** The part of the total that was delivered, by the hours of the trainees; `null` when nothing was noted. */
  protected readonly done = computed(() => {
    const trained = this.#trained.hasValue() ? this.#trained.value() : null;
    const now = this.coverage();
    return trained && now && trained.planned > 0 ? Math.round((now.total * trained.done) / trained.planned) : null;
  });
  protected readonly paid = computed(() => sumOf(this.coverage()?.shares ?? [], 'paid'));
  protected readonly bars = computed((): Bar[] => {
    const now = this.coverage();
    if (!now) return [];
    const percent = (amount: number): number => Math.max(0, Math.min(100, (100 * amount) / now.total));
    const of = (measure: Measure): Bar => ({
      measure,
      amount: sumOf(now.shares, measure),
      parts: now.shares.map((share, at) => ({ tone: at % 6, percent: percent(share[measure]) })),
    });
    const done = this.done();
    const delivered: Bar[] =
      done === null ? [] : [{ measure: 'done', amount: done, parts: [{ tone: 6, percent: percent(done) }] }];
    return [of('asked'), of('agreed'), ...delivered, of('invoiced'), of('paid')];
  });
}
