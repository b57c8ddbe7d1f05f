/** Told while a company is typed: the known ones that are alike. Of another site's company only whom to ask. */
import { ChangeDetectionStrategy, Component, computed, inject, input, output, resource, signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { AbstractControl } from '@angular/forms';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { debounceTime, distinctUntilChanged, map, startWith, switchMap } from 'rxjs';
import { Api } from '../../../api/api';
import { FindSemblables$Params, findSemblables } from '../../../api/fn/entreprises/find-semblables';
import { Semblable } from '../../../api/models/semblable';
import { digits } from '../../../shared/forms/siret';
import { Language } from '../../../shared/i18n/language';
import { Icon } from '../../../shared/ui/icon';
import { DOUBLONS_TEXTS } from '../data/doublons-texts';

/** Typing pauses this long before the server is asked. */
const PAUSE_MS = 350;
/** Shorter names are like too many. */
const NAME = 3;

@Component({
  selector: 'afpi-alike',
  imports: [Icon, RouterLink, TranslocoPipe],
  template: `
    <div aria-live="polite">
      @if (told(); as found) {
        <div class="notice notice-warn">
          <afpi-icon name="warning" class="warn" />
          <div class="grow stack-s">
            <p class="strong">{{ 'doublons.alike' | transloco }}</p>
            <ul>
              @for (company of found; track company.name + company.localisation.id) {
                <li>
                  @if (company.id; as id) {
                    @if (choosing()) {
                      <button type="button" class="btn-link" (click)="chosen.emit(company)">{{ company.name }}</button>
                    } @else {
                      <a [routerLink]="['/entreprises', id]" target="_blank">{{ company.name }}</a>
                    }
                  } @else {
                    <span class="strong">{{ company.name }}</span>
                  }
                  <span class="small"
                    >{{ place(company) }}
                    @if (company.group) {
                      · {{ 'doublons.group' | transloco }}
                    } @else if (!company.id) {
                      · {{ 'doublons.elsewhere' | transloco }}
                      @if (company.ask.length) {
                        — {{ 'doublons.ask' | transloco: { names: company.ask.join(', ') } }}
                      }
                    } @else {
                      @for (reason of company.reasons; track reason) {
                        · {{ 'doublons.reason.' + reason | transloco }}
                      }
                    }
                  </span>
                </li>
              }
            </ul>
          </div>
        </div>
      }
    </div>
  `,
  styles: `
    // Without a word to say it takes no gap; it stays for those who hear the page.
    :host:has(> div:empty) {
      position: absolute;
    }
    ul {
      display: grid;
      gap: 4px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 0 8px;
      align-items: baseline;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Alike {
  /** A group with `name`, and `siret`, `address.postcode`, `phone` and `email` where it has them. */
  readonly form = input.required<AbstractControl>();
  /** Does a click choose the company instead of opening it? */
  readonly choosing = input(false);
  readonly chosen = output<Semblable>();

  readonly #api = inject(Api);
  readonly #ready = signal(false);
  readonly #typed = toSignal(
    toObservable(this.form).pipe(
      switchMap((form) =>
        form.valueChanges.pipe(
          startWith(null),
          debounceTime(PAUSE_MS),
          map(() => typedIn(form)),
        ),
      ),
      distinctUntilChanged((one, other) => JSON.stringify(one) === JSON.stringify(other)),
    ),
  );
  readonly #found = resource({
    params: () => this.#typed() ?? undefined,
    loader: async ({ params }) => {
      try {
        return (await this.#api.invoke(findSemblables, params)).data;
      } catch {
        // A warning that cannot be given stops nobody.
        return [];
      }
    },
  });
  protected readonly told = computed(() => {
    const found = this.#ready() && this.#typed() && this.#found.hasValue() ? this.#found.value() : [];
    return found.length ? found : null;
  });

  constructor() {
    void inject(Language)
      .add(DOUBLONS_TEXTS)
      .then(() => {
        this.#ready.set(true);
      });
  }

  protected place(company: Semblable): string {
    return [company.city, company.localisation.name].filter(Boolean).join(' · ');
  }
}

function typedIn(form: AbstractControl): FindSemblables$Params | null {
  const text = (path: string): string => ((form.get(path)?.value as string | null) ?? '').trim();
  const [name, siret] = [text('name'), digits(text('siret'))];
  const [codePostal, phone, email] = [text('address.postcode'), text('phone'), text('email')];
  if (name.length < NAME && siret.length !== 14) return null;
  return {
    ...(name ? { name } : {}),
    ...(siret.length === 14 ? { siret } : {}),
    ...(codePostal ? { codePostal } : {}),
    ...(phone ? { phone } : {}),
    ...(email.includes('@') ? { email } : {}),
  };
}
