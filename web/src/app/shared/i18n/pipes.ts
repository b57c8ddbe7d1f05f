/**
 * Template pipes over `format.ts`. They are impure, so that a language switch shows at once. Their work is a lookup in
 * cached `Intl` formatters.
 */
import { Injectable, Pipe, PipeTransform, inject } from '@angular/core';
import { Text } from '../../api/models/text';
import {
  DayStyle,
  formatAge,
  formatAgo,
  formatCount,
  formatDay,
  formatInstant,
  formatMinutes,
  formatMoney,
  formatMoneyShort,
  formatMonth,
  formatPercent,
} from './format';
import { Language } from './language';
import { bound } from './typography';

/** The same formats for code, tied to the current language: a `computed` that uses them follows a switch. */
@Injectable({ providedIn: 'root' })
export class Format {
  readonly #language = inject(Language);

  text(value: Text | null | undefined): string {
    if (!value) return '';
    return this.#language.current() === 'en' ? value.en || value.fr : bound(value.fr || value.en);
  }
  money(cents: number, round = false): string {
    return formatMoney(cents, this.#language.tag(), round);
  }
  moneyShort(cents: number): string {
    return formatMoneyShort(cents, this.#language.tag());
  }
  count(value: number, digits = 0): string {
    return formatCount(value, this.#language.tag(), digits);
  }
  percent(ratio: number, digits = 0): string {
    return formatPercent(ratio, this.#language.tag(), digits);
  }
  day(iso: string, style: DayStyle = 'short'): string {
    return formatDay(iso, this.#language.tag(), style);
  }
  month(month: string, style: 'dated' | 'alone' = 'dated'): string {
    return formatMonth(month, this.#language.tag(), style);
  }
  instant(iso: string): string {
    return formatInstant(iso, this.#language.tag());
  }
  ago(iso: string): string {
    return formatAgo(iso, this.#language.tag());
  }
  age(iso: string): string {
    return formatAge(iso, this.#language.tag());
  }
  minutes(value: number): string {
    return formatMinutes(value);
  }
  /** `Lille, Lens et Metz`. */
  list(names: string[]): string {
    return new Intl.ListFormat(this.#language.tag(), { type: 'conjunction' }).format(names);
  }
  get tag(): string {
    return this.#language.tag();
  }
}

/** Shows a bilingual text. */
@Pipe({ name: 'txt', pure: false })
export class TxtPipe implements PipeTransform {
  readonly #format = inject(Format);
  transform(value: Text | null | undefined): string {
    return this.#format.text(value);
  }
}

@Pipe({ name: 'money', pure: false })
export class MoneyPipe implements PipeTransform {
  readonly #format = inject(Format);
  transform(cents: number | null | undefined, style: 'full' | 'round' | 'short' = 'full'): string {
    if (cents === null || cents === undefined) return '';
    return style === 'short' ? this.#format.moneyShort(cents) : this.#format.money(cents, style === 'round');
  }
}

@Pipe({ name: 'count', pure: false })
export class CountPipe implements PipeTransform {
  readonly #format = inject(Format);
  transform(value: number | null | undefined): string {
    return value === null || value === undefined ? '' : this.#format.count(value);
  }
}

@Pipe({ name: 'day', pure: false })
export class DayPipe implements PipeTransform {
  readonly #format = inject(Format);
  transform(iso: string | null | undefined, style: DayStyle = 'short'): string {
    return iso ? this.#format.day(iso, style) : '';
  }
}

@Pipe({ name: 'instant', pure: false })
export class InstantPipe implements PipeTransform {
  readonly #format = inject(Format);
  transform(iso: string | null | undefined): string {
    return iso ? this.#format.instant(iso) : '';
  }
}

@Pipe({ name: 'ago', pure: false })
export class AgoPipe implements PipeTransform {
  readonly #format = inject(Format);
  transform(iso: string | null | undefined): string {
    return iso ? this.#format.ago(iso) : '';
  }
}

@Pipe({ name: 'age', pure: false })
export class AgePipe implements PipeTransform {
  readonly #format = inject(Format);
  transform(iso: string | null | undefined): string {
    return iso ? this.#format.age(iso) : '';
  }
}
