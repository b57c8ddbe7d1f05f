/** The logo of a legal entity: shown, replaced by another picture, removed. */
import { ChangeDetectionStrategy, Component, effect, inject, input, output, resource, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { EntiteLegale } from '../../../api/models/entite-legale';
import { Problems, ProblemError } from '../../../shared/http/problem';
import { Icon } from '../../../shared/ui/icon';
import { ToastStore } from '../../../shared/ui/toast-store';
import { EntiteClient } from '../data/entite-client';

@Component({
  selector: 'afpi-logo',
  imports: [Icon, TranslocoPipe],
  template: `
    <div class="row">
      @if (address(); as src) {
        <img [src]="src" [alt]="'entites.logoOf' | transloco: { name: entity().name }" />
      } @else {
        <span class="muted">{{ 'entites.noLogo' | transloco }}</span>
      }
      @if (editable()) {
        <label class="btn btn-s" [class.disabled]="busy()">
          <afpi-icon name="plus" [size]="16" />{{ 'entites.chooseLogo' | transloco }}
          <input
            type="file"
            class="sr-only"
            accept="image/png,image/jpeg"
            [disabled]="busy()"
            (change)="choose($any($event.target))"
          />
        </label>
        @if (entity().logo) {
          <button type="button" class="btn btn-quiet btn-s" [disabled]="busy()" (click)="remove()">
            <afpi-icon name="trash" [size]="16" />{{ 'entites.removeLogo' | transloco }}
          </button>
        }
      }
    </div>
    @if (editable()) {
      <p class="muted small">{{ 'entites.logoHint' | transloco }}</p>
    }
  `,
  styles: `
    img {
      max-width: 240px;
      max-height: 80px;
      padding: 6px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
      background: white;
    }
    label:focus-within {
      outline: 2px solid var(--accent);
      outline-offset: 2px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Logo {
  readonly #client = inject(EntiteClient);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly entity = input.required<EntiteLegale>();
  readonly editable = input(false);
  readonly changed = output();
  protected readonly busy = signal(false);
  protected readonly address = signal<string | null>(null);
  readonly #picture = resource({
    params: () => (this.entity().logo ? this.entity() : undefined),
    loader: ({ params }) => this.#client.logo(params),
  });

  constructor() {
    effect((cleanup) => {
      const picture = this.entity().logo && this.#picture.hasValue() ? this.#picture.value() : null;
      const address = picture ? URL.createObjectURL(picture) : null;
      this.address.set(address);
      cleanup(() => {
        if (address) URL.revokeObjectURL(address);
      });
    });
  }

  protected async choose(field: HTMLInputElement): Promise<void> {
    const file = field.files?.[0];
    field.value = '';
    if (file) await this.#run(() => this.#client.setLogo(this.entity(), file));
  }

  protected remove(): Promise<void> {
    return this.#run(() => this.#client.removeLogo(this.entity()));
  }

  async #run(change: () => Promise<unknown>): Promise<void> {
    this.busy.set(true);
    try {
      await change();
      this.#toasts.done(this.#transloco.translate('common.saved'));
    } catch (error) {
      const said = error instanceof ProblemError ? [...new Set(error.fields.values())].join(' ') : '';
      if (said) this.#toasts.show({ tone: 'bad', text: said });
      else this.#problems.report(error);
    }
    this.busy.set(false);
    this.changed.emit();
  }
}
