/** A date in French format that can be typed or picked; its value is `YYYY-MM-DD` or `null`. Week starts on Monday. */
import { ChangeDetectionStrategy, Component, effect, forwardRef, inject, input, signal } from '@angular/core';
import { ControlValueAccessor, NG_VALIDATORS, NG_VALUE_ACCESSOR, ValidationErrors, Validator } from '@angular/forms';
import { DateAdapter, MAT_DATE_FORMATS } from '@angular/material/core';
import { MatDatepicker, MatDatepickerInput, MatDatepickerInputEvent, MatDatepickerIntl } from '@angular/material/datepicker';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';
import { ISO_FORMATS, IsoDateAdapter } from './iso-date-adapter';

@Component({
  selector: 'afpi-date-input',
  imports: [Icon, MatDatepicker, MatDatepickerInput, TranslocoPipe],
  template: `
    <input class="input" autocomplete="off" [id]="inputId()" [matDatepicker]="picker" [value]="value()" [disabled]="disabled()" [readOnly]="readonly()"
      [placeholder]="'form.datePlaceholder' | transloco" [attr.aria-label]="label() || null" [attr.aria-invalid]="invalid() || wrong() ? 'true' : null"
      [attr.aria-describedby]="describedBy()" (input)="typed($event)" (dateChange)="take($event)" (blur)="touched()" />
    @if (!readonly() && !disabled()) {
      <button type="button" [attr.aria-label]="'form.openCalendar' | transloco" (click)="picker.open()"><afpi-icon name="calendar" [size]="16" /></button>
    }
    <mat-datepicker #picker />
    @if (wrong()) { <span class="field-error">{{ 'form.date' | transloco }}</span> }
  `,
  styles: `
    :host { position: relative; display: block; }
    .input { padding-right: 36px; }
    button { position: absolute; top: 4px; right: 4px; display: grid; place-items: center; width: 28px; height: 28px; padding: 0; border: 0; border-radius: 6px; background: none; color: var(--muted); cursor: pointer; }
    button:hover { background: var(--surface-2); color: var(--text); }
  `,
  providers: [
    { provide: DateAdapter, useClass: IsoDateAdapter },
    { provide: MAT_DATE_FORMATS, useValue: ISO_FORMATS },
    { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => DateInput), multi: true },
    { provide: NG_VALIDATORS, useExisting: forwardRef(() => DateInput), multi: true },
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DateInput implements ControlValueAccessor, Validator {
  readonly inputId = input.required<string>();
  readonly readonly = input(false);
  readonly label = input('');
  readonly invalid = input(false);
  readonly describedBy = input<string | null>(null);

  protected readonly value = signal<string | null>(null);
  protected readonly disabled = signal(false);
  protected readonly wrong = signal(false);
  #changed: (value: string | null) => void = () => undefined;
  protected touched: () => void = () => undefined;

  constructor() {
    const words = inject(MatDatepickerIntl);
    const transloco = inject(TranslocoService);
    const language = inject(Language);
    effect(() => {
      language.current();
      words.calendarLabel = transloco.translate('calendar.label');
      words.closeCalendarLabel = transloco.translate('common.close');
      words.nextMonthLabel = transloco.translate('calendar.nextMonth');
      words.prevMonthLabel = transloco.translate('calendar.prevMonth');
      words.nextYearLabel = transloco.translate('calendar.nextYear');
      words.prevYearLabel = transloco.translate('calendar.prevYear');
      words.switchToMonthViewLabel = transloco.translate('calendar.chooseDay');
      words.switchToMultiYearViewLabel = transloco.translate('calendar.chooseMonth');
      words.changes.next();
    });
  }

  writeValue(value: string | null): void { this.value.set(value); this.wrong.set(false); }
  registerOnChange(changed: (value: string | null) => void): void { this.#changed = changed; }
  registerOnTouched(touched: () => void): void { this.touched = touched; }
  setDisabledState(disabled: boolean): void { this.disabled.set(disabled); }
  validate(): ValidationErrors | null { return this.wrong() ? { date: true } : null; }

  protected typed(event: Event): void {
    // Only an emptied field is news while typing; a half-typed date is not an error yet.
    if ((event.target as HTMLInputElement).value === '') this.#set(null, false);
  }
  protected take(event: MatDatepickerInputEvent<string>): void {
    const typed = (event.targetElement as HTMLInputElement).value;
    this.#set(event.value, event.value === null && typed !== '');
  }
  #set(value: string | null, wrong: boolean): void {
    this.value.set(value);
    this.wrong.set(wrong);
    this.#changed(value);
  }
}
