/** SIREN, SIRET and French VAT numbers: the checks that need no server. Rules of the INSEE register. */
import { AbstractControl, ValidationErrors } from '@angular/forms';

/** La Poste's establishments have numbers that fail Luhn. Their digit sum must be divisible by 5 instead. */
const LA_POSTE = '356000000';

export function digits(text: string): string {
  return text.replace(/[\s\u00a0\u202f.-]/g, '');
}

export function luhn(number: string): boolean {
  let sum = 0;
  for (let i = 0; i < number.length; i++) {
    let digit = Number(number[number.length - 1 - i]);
    if (i % 2 === 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

export function isSiren(text: string): boolean {
  return /^\d{9}$/.test(text) && luhn(text);
}

export function isSiret(text: string): boolean {
  if (!/^\d{14}$/.test(text)) return false;
  if (luhn(text)) return isSiren(text.slice(0, 9));
  return text.startsWith(LA_POSTE) && [...text].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0;
}

/** Why a SIRET is refused, as a translation key; `null` when it is valid or empty. */
export function siretProblem(text: string): 'siret.length' | 'siret.checksum' | null {
  const bare = digits(text);
  if (bare === '') return null;
  if (!/^\d{14}$/.test(bare)) return 'siret.length';
  return isSiret(bare) ? null : 'siret.checksum';
}

/** For a control that holds a SIRET. */
export function siretValidator(control: AbstractControl<string>): ValidationErrors | null {
  const problem = siretProblem(control.value);
  return problem ? { [problem]: true } : null;
}

/** `732 829 320 00074`, as INSEE prints it. */
export function formatSiret(siret: string): string {
  return siret.length === 14
    ? `${siret.slice(0, 3)} ${siret.slice(3, 6)} ${siret.slice(6, 9)} ${siret.slice(9)}`
    : siret;
}

/** The VAT number that belongs to a SIREN. */
export function vatOf(siren: string): string {
  const key = (12 + 3 * (Number(siren) % 97)) % 97;
  return `FR${String(key).padStart(2, '0')}${siren}`;
}
