/** Material's calendar with plain `YYYY-MM-DD` strings: the form's value is the API's value, without time zones. */
import { Injectable, effect, inject } from '@angular/core';
import { DateAdapter, MatDateFormats } from '@angular/material/core';
import { isHoliday } from '../calendar/holidays';
import { formatDay, parseDay, today } from '../i18n/format';
import { Language } from '../i18n/language';

export const ISO_FORMATS: MatDateFormats = {
  parse: { dateInput: 'day' },
  display: { dateInput: 'day', monthYearLabel: 'month', dateA11yLabel: 'long', monthYearA11yLabel: 'month' },
};

@Injectable()
export class IsoDateAdapter extends DateAdapter<string> {
  readonly #language = inject(Language);

  constructor() {
    super();
    effect(() => {
      this.setLocale(this.#language.tag());
    });
  }

  getYear(date: string): number {
    return Number(date.slice(0, 4));
  }
  getMonth(date: string): number {
    return Number(date.slice(5, 7)) - 1;
  }
  getDate(date: string): number {
    return Number(date.slice(8, 10));
  }
  getDayOfWeek(date: string): number {
    return utc(date).getUTCDay();
  }
  getMonthNames(style: 'long' | 'short' | 'narrow'): string[] {
    return Array.from({ length: 12 }, (_, month) => this.#say({ month: style }, Date.UTC(2026, month, 1)));
  }
  getDateNames(): string[] {
    return Array.from({ length: 31 }, (_, day) => String(day + 1));
  }
  getDayOfWeekNames(style: 'long' | 'short' | 'narrow'): string[] {
    // 4 January 2026 is a Sunday.
    return Array.from({ length: 7 }, (_, day) => this.#say({ weekday: style }, Date.UTC(2026, 0, 4 + day)));
  }
  getYearName(date: string): string {
    return date.slice(0, 4);
  }
  getFirstDayOfWeek(): number {
    return 1;
  }
  getNumDaysInMonth(date: string): number {
    return new Date(Date.UTC(this.getYear(date), this.getMonth(date) + 1, 0)).getUTCDate();
  }
  clone(date: string): string {
    return date;
  }
  createDate(year: number, month: number, date: number): string {
    return new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10);
  }
  today(): string {
    return today();
  }
  parse(value: unknown): string | null {
    if (typeof value !== 'string' || value.trim() === '') return null;
    return parseDay(value) ?? this.invalid();
  }
  format(date: string, style: string): string {
    if (style === 'month') return this.#say({ month: 'long', year: 'numeric' }, utc(date).getTime());
    if (style !== 'long') return formatDay(date, this.#language.tag(), 'short');
    // Shaded days are also announced to screen readers.
    const holiday = this.#language.current() === 'fr' ? 'férié' : 'public holiday';
    return formatDay(date, this.#language.tag(), 'long') + (isHoliday(date) ? `, ${holiday}` : '');
  }
  addCalendarYears(date: string, years: number): string {
    return this.addCalendarMonths(date, years * 12);
  }
  addCalendarMonths(date: string, months: number): string {
    const first = this.createDate(this.getYear(date), this.getMonth(date) + months, 1);
    return this.createDate(
      this.getYear(first),
      this.getMonth(first),
      Math.min(this.getDate(date), this.getNumDaysInMonth(first)),
    );
  }
  addCalendarDays(date: string, days: number): string {
    return this.createDate(this.getYear(date), this.getMonth(date), this.getDate(date) + days);
  }
  toIso8601(date: string): string {
    return date;
  }
  isDateInstance(value: unknown): boolean {
    return typeof value === 'string';
  }
  isValid(date: string): boolean {
    return /^\d{4}-\d{2}-\d{2}$/.test(date) && parseDay(date) !== null;
  }
  invalid(): string {
    return 'invalid';
  }

  #say(options: Intl.DateTimeFormatOptions, time: number): string {
    return new Intl.DateTimeFormat(this.#language.tag(), { ...options, timeZone: 'UTC' }).format(time);
  }
}

function utc(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}
