/**
 * A date in French format that can be typed or picked; its value is `YYYY-MM-DD` or `null`, and follows each key. Week
 * starts on Monday.
 */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  effect,
  forwardRef,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { ControlValueAccessor, NG_VALIDATORS, NG_VALUE_ACCESSOR, ValidationErrors, Validator } from '@angular/forms';
import { DateAdapter, MAT_DATE_FORMATS } from '@angular/material/core';
import { MatDatepicker, MatDatepickerInput, MatDatepickerIntl } from '@angular/material/datepicker';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { isDayOff } from '../calendar/holidays';
import { parseDay } from '../i18n/format';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';
import { HalfTyped, TypedInput } from './half-typed';
import { ISO_FORMATS, IsoDateAdapter } from './iso-date-adapter';

@Component({
  selector: 'afpi-date-input',
  imports: [Icon, MatDatepicker, MatDatepickerInput, TranslocoPipe],
  template: `
    <input
      #field
      class="input"
      autocomplete="off"
      [id]="inputId()"
      [matDatepicker]="picker"
      [disabled]="disabled()"
      [readOnly]="readonly()"
      [placeholder]="'form.datePlaceholder' | transloco"
      [attr.aria-label]="label() || null"
      [attr.aria-required]="required() || null"
      [attr.aria-invalid]="invalid() || told() ? 'true' : null"
      [attr.aria-describedby]="describedBy()"
      (input)="read()"
      (change)="read()"
      (dateChange)="read()"
      (blur)="leave()"
    />
    @if (!readonly() && !disabled()) {
      <button type="button" [attr.aria-label]="'form.openCalendar' | transloco" (click)="picker.open()">
        <afpi-icon name="calendar" [size]="16" />
      </button>
    }
    <mat-datepicker #picker [dateClass]="shade" />
    @if (told()) {
      <span class="field-error">{{ 'form.date' | transloco }}</span>
    }
  `,
  styles: `
    :host {
      position: relative;
      display: block;
    }
    .input {
      padding-right: 36px;
    }
    button {
      position: absolute;
      top: 4px;
      right: 4px;
      display: grid;
      place-items: center;
      width: 28px;
      height: 28px;
      padding: 0;
      border: 0;
      border-radius: 6px;
      background: none;
      color: var(--muted);
      cursor: pointer;
    }
    button:hover {
      background: var(--surface-2);
      color: var(--text);
    }
  `,
  providers: [
    { provide: DateAdapter, useClass: IsoDateAdapter },
    { provide: MAT_DATE_FORMATS, useValue: ISO_FORMATS },
    { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => DateInput), multi: true },
    { provide: NG_VALIDATORS, useExisting: forwardRef(() => DateInput), multi: true },
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DateInput implements ControlValueAccessor, Validator, TypedInput {
  readonly inputId = input.required<string>();
  readonly readonly = input(false);
  readonly label = input('');
  readonly invalid = input(false);
  readonly describedBy = input<string | null>(null);

  readonly required = input(false);

  readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly wrong = signal(false);
  /** The error was shown: the user left the field, or saved. A half-typed date is not an error before. */
  protected readonly told = signal(false);
  protected readonly disabled = signal(false);
  protected readonly shade = (day: string): string => (isDayOff(day) ? 'day-off' : '');
  readonly #halfTyped = inject(HalfTyped);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  /** Writes the text of a date; never during typing. */
  private readonly calendar = viewChild.required<MatDatepickerInput<string>>(MatDatepickerInput);
  #text = '';
  #changed: (value: string | null) => void = () => undefined;
  #touched: () => void = () => undefined;

  constructor() {
    inject(DestroyRef).onDestroy(this.#halfTyped.add(this));
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

  writeValue(value: string | null): void {
    this.calendar().value = value;
    this.#text = this.field().nativeElement.value;
    this.#judge(false);
  }
  registerOnChange(changed: (value: string | null) => void): void {
    this.#changed = changed;
  }
  registerOnTouched(touched: () => void): void {
    this.#touched = touched;
  }
  setDisabledState(disabled: boolean): void {
    this.disabled.set(disabled);
  }
  validate(): ValidationErrors | null {
    return this.wrong() ? { date: true } : null;
  }

  read(): void {
    const text = this.field().nativeElement.value;
    if (text === this.#text) return;
    this.#text = text;
    const value = parseDay(text);
    this.#judge(value === null && text.trim() !== '');
    this.#changed(value);
  }
  tell(): void {
    this.told.set(this.wrong());
  }
  drop(): void {
    this.writeValue(null);
  }

  protected leave(): void {
    this.read();
    this.tell();
    this.#touched();
  }
  /** An error is shown later; its correction at once. */
  #judge(wrong: boolean): void {
    if (!wrong) this.told.set(false);
    if (this.wrong() === wrong) return;
    this.wrong.set(wrong);
    this.#halfTyped.changed();
  }
}
