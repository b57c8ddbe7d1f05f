import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FormsModule } from '@angular/forms';
import { page, userEvent } from 'vitest/browser';
import { Language, provideTranslations } from '../i18n/language';
import { DateInput } from './date-input';
import { HalfTyped } from './half-typed';
import { MoneyInput } from './money-input';
import { NumberInput } from './number-input';

@Component({
  imports: [DateInput, FormsModule, MoneyInput, NumberInput],
  template: `
    <label>Prix <input class="input" afpiMoney [(ngModel)]="price" /></label>
    <label>Heures <input class="input" [afpiNumber]="1" [(ngModel)]="hours" /></label>
    <label for="day">Jour</label><afpi-date-input inputId="day" [(ngModel)]="day" />
    <button type="button">Suite</button>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Form {
  readonly price = signal<number | null>(150000);
  readonly hours = signal<number | null>(null);
  readonly day = signal<string | null>(null);
}

describe('inputs whose value is not their text', () => {
  async function open(): Promise<{ form: Form; halfTyped: () => boolean }> {
    TestBed.configureTestingModule({ providers: [provideTranslations()] });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(Form);
    await fixture.whenStable();
    const host = fixture.nativeElement as HTMLElement;
    return { form: fixture.componentInstance, halfTyped: () => TestBed.inject(HalfTyped).within(host) };
  }
  const plain = (text: string): string => text.replace(/\s/g, ' ');
  const valueOf = (label: string): string =>
    plain((page.getByLabelText(label, { exact: true }).element() as HTMLInputElement).value);

  it('an amount follows each key, and is written out once it is left', async () => {
    const { form } = await open();
    const price = page.getByLabelText('Prix');
    expect(valueOf('Prix')).toBe('1 500,00');
    await price.click();
    await userEvent.keyboard('{Control>}a{/Control}2');
    expect(form.price()).toBe(200);
    await userEvent.keyboard('345');
    expect(form.price()).toBe(234500);
    // The point of a keypad writes the mark of the page.
    await userEvent.keyboard('.5');
    expect(valueOf('Prix')).toBe('2345,5');
    expect(form.price()).toBe(234550);
    await userEvent.tab();
    expect(valueOf('Prix')).toBe('2 345,50');
  });

  it('a number refuses what is none, keeps its text, and counts as half-typed', async () => {
    const { form, halfTyped } = await open();
    await page.getByLabelText('Heures').click();
    await userEvent.keyboard('12,55');
    expect([form.hours(), halfTyped()]).toEqual([null, true]);
    await userEvent.tab();
    expect(valueOf('Heures')).toBe('12,55');
    await page.getByLabelText('Heures').click();
    await userEvent.keyboard('{End}{Backspace}');
    expect([form.hours(), halfTyped()]).toEqual([12.5, false]);
  });

  it('a date is typed, or picked in a week that begins on Monday; half of one is told when it is left', async () => {
    const { form, halfTyped } = await open();
    const day = page.getByLabelText('Jour', { exact: true });
    await day.click();
    await userEvent.keyboard('9/3');
    expect(halfTyped()).toBe(true);
    await userEvent.tab();
    await expect.element(page.getByText('Date au format jj/mm/aaaa')).toBeVisible();
    await day.click();
    await userEvent.keyboard('{End}/2027');
    expect([form.day(), halfTyped()]).toEqual(['2027-03-09', false]);
    await page.getByRole('button', { name: 'Ouvrir le calendrier' }).click();
    await expect.element(page.getByRole('columnheader').first()).toHaveTextContent(/lundi/i);
    await page
      .getByRole('gridcell')
      .getByRole('button', { name: /10 mars/ })
      .click();
    expect([form.day(), valueOf('Jour')]).toEqual(['2027-03-10', '10/03/2027']);
  });
});
