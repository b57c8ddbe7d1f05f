/** E-mail addresses as people type them into one line. Pure. */
import { FormControl } from '@angular/forms';
import { email } from '../../../shared/forms/email';

/** The addresses of a text: parted by commas, semicolons or spaces, `Léa Roy <lea@exemple.fr>` as pasted from a mail. */
export function addresses(text: string): string[] {
  const pasted = text.replace(/[^,;<>]*<([^<>]*)>/g, ' $1 ');
  return [...new Set(pasted.split(/[\s,;]+/).filter(Boolean))];
}

/** Is each of them an address? */
export function allAddresses(text: string): boolean {
  return addresses(text).every((one) => !email(new FormControl(one)));
}
