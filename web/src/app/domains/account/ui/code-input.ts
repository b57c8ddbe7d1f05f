/** A field for a code of an authenticator application: phones show digits, and browsers offer the code. */
import { Directive } from '@angular/core';

@Directive({
  selector: 'input[afpiCode]',
  host: {
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: '40',
  },
})
export class CodeInput {}
