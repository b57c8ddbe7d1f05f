import { moneyToInput, numberToInput } from './format';
import { readMoney, readNumber } from './reading';

const FR = 'fr-FR';
const EN = 'en-GB';

describe('an amount in French', () => {
  it.each([
    ['1 234,56 €', 123456],
    ['1\u202f234,56', 123456],
    ['1\u00a0234,56', 123456],
    ['1234,5', 123450],
    ['12', 1200],
    [',5', 50],
    ['0,19', 19],
    ['-450,50', -45050],
    ['− 450,50', -45050],
    ['0', 0],
    ['-0', 0],
    ['1 000 000', 100_000_000],
    ['€ 12,00', 1200],
    ['12,5\u00a0€', 1250],
  ])('is read from %s', (text, cents) => {
    expect(readMoney(text, FR)).toEqual({ value: cents, fault: null });
  });

  it.each([
    ['0,195', { decimals: { most: 2 } }],
    ['12,345', { decimals: { most: 2 } }],
    ['1234,567', { decimals: { most: 2 } }],
    ['12,500', { decimals: { most: 2 } }],
    ['12.50', { mark: true }],
    ['1.234', { mark: true }],
    ['1.234,56', { mark: true }],
    ['1,234.56', { mark: true }],
    ['12 34', { money: true }],
    ['0 195', { money: true }],
    ['12,', { money: true }],
    [',', { money: true }],
    ['€', { money: true }],
    ['abc', { money: true }],
    ['1e3', { money: true }],
    ['99999999999999999', { money: true }],
    ['9999999999999999', { money: true }],
    ['1-2', { money: true }],
  ])('is never guessed from %s', (text, fault) => {
    expect(readMoney(text, FR)).toEqual({ value: null, fault });
  });

  it('is nothing where nothing was typed', () => {
    for (const text of ['', '  ', '\u00a0']) expect(readMoney(text, FR)).toEqual({ value: null, fault: null });
  });
});

describe('an amount in English', () => {
  it.each([
    ['12,345', 1_234_500],
    ['1,234.56', 123456],
    ['€1,234.56', 123456],
    ['1234.5', 123450],
    ['1 234.56', 123456],
    ['-€5', -500],
    ['1,000,000', 100_000_000],
  ])('is read from %s', (text, cents) => {
    expect(readMoney(text, EN)).toEqual({ value: cents, fault: null });
  });

  it.each([
    ['0,195', { mark: true }],
    ['12,5', { mark: true }],
    ['1 234,56', { mark: true }],
    ['1,23', { mark: true }],
    ['1,234 567', { mark: true }],
    ['0.195', { decimals: { most: 2 } }],
    ['12.345', { decimals: { most: 2 } }],
    ['1234.567', { decimals: { most: 2 } }],
  ])('is never guessed from %s', (text, fault) => {
    expect(readMoney(text, EN)).toEqual({ value: null, fault });
  });
});

describe('a number', () => {
  it('follows the language of the page', () => {
    expect(readNumber('1,5', FR)).toEqual({ value: 1.5, fault: null });
    expect(readNumber('1.5', EN)).toEqual({ value: 1.5, fault: null });
    expect(readNumber('1.5', FR).fault).toEqual({ mark: true });
    expect(readNumber('1,5', EN).fault).toEqual({ mark: true });
    expect(readNumber('-12 500,25', FR)).toEqual({ value: -12500.25, fault: null });
  });

  it('has no more decimals than it may', () => {
    expect(readNumber('8', FR, 0)).toEqual({ value: 8, fault: null });
    expect(readNumber('8,5', FR, 0).fault).toEqual({ integer: true });
    expect(readNumber('8,125', FR, 2).fault).toEqual({ decimals: { most: 2 } });
    expect(readNumber('1e3', FR).fault).toEqual({ number: true });
  });
});

describe('what is stored', () => {
  it('comes back unchanged from the text of an input', () => {
    for (const tag of [FR, EN]) {
      for (const cents of [0, 1, 99, 100, 110, 1999, 123456789, -4505])
        expect(readMoney(moneyToInput(cents, tag), tag).value).toBe(cents);
      for (const value of [0, 1.5, -0.25, 1234.56, 12345678, 0.000001])
        expect(readNumber(numberToInput(value, tag), tag).value).toBe(value);
    }
    expect(moneyToInput(null, FR)).toBe('');
    expect(numberToInput(null, FR)).toBe('');
  });
});
