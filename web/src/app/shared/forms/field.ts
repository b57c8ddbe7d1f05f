/** A labelled field of a reactive form: label, hint, and the message of the control's error under it. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { AbstractControl, Validators } from '@angular/forms';
import { TranslocoService } from '@jsverse/transloco';
import { map, startWith, switchMap } from 'rxjs';
import { Icon } from '../ui/icon';
import { Language } from '../i18n/language';

/**
 * Wraps one control: `<afpi-field label="…" for="name" [control]="form.controls.name"><input id="name"
 * …></afpi-field>`. The input must carry `[attr.aria-describedby]="'name-error'"` and `[attr.aria-invalid]`;
 * `FieldState` adds both.
 */
@Component({
  selector: 'afpi-field',
  imports: [Icon],
  template: `
    <label [attr.for]="for()">
      {{ label() }}
      @if (required()) {
        <span class="req" aria-hidden="true">*</span>
      }
    </label>
    <ng-content />
    @if (hint() && !message()) {
      <span class="field-hint" [id]="for() + '-hint'">{{ hint() }}</span>
    }
    @if (message()) {
      <span class="field-error" [id]="for() + '-error'"
        ><afpi-icon name="circle-alert" [size]="14" />{{ message() }}</span
      >
    }
  `,
  host: { class: 'field' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Field {
  readonly label = input.required<string>();
  readonly for = input.required<string>();
  readonly control = input.required<AbstractControl>();
  readonly hint = input('');

  readonly #transloco = inject(TranslocoService);
  readonly #language = inject(Language);
  readonly #change = toSignal(
    toObservable(this.control).pipe(
      switchMap((control) =>
        control.events.pipe(
          map(() => ({})),
          startWith({}),
        ),
      ),
    ),
  );

  protected readonly required = computed(() => this.control().hasValidator(Validators.required));
  protected readonly message = computed(() => {
    this.#change();
    this.#language.current();
    const control = this.control();
    // An unreadable text has no value, so it would also count as missing. The more exact reason comes first.
    const errors = Object.entries(control.errors ?? {});
    const [code, detail] = errors.find(([name]) => name !== 'required') ?? errors[0] ?? [];
    if (!code || !control.touched) return '';
    if (code === 'server') return String(detail);
    return this.#transloco.translate(
      `form.${code}`,
      detail && typeof detail === 'object' ? (detail as Record<string, unknown>) : {},
    );
  });
}
