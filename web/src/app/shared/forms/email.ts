/**
 * An e-mail address whose domain may have any letters (`contact@société.fr`). A field of type `email` would convert it
 * to ASCII during typing, but the typed text must be stored.
 */
import { AbstractControl, FormControl, ValidationErrors, Validators } from '@angular/forms';

export function email(control: AbstractControl<string | null>): ValidationErrors | null {
  const text = (control.value ?? '').trim();
  const at = text.lastIndexOf('@');
  if (text === '') return null;
  const domain = asciiDomain(text.slice(at + 1));
  return at > 0 && domain ? Validators.email(new FormControl(`${text.slice(0, at)}@${domain}`)) : { email: true };
}

function asciiDomain(domain: string): string | null {
  if (/[\s/\\?#:@[\]%<>^|]/.test(domain)) return null;
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return null;
  }
}
