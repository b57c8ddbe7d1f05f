import { FormControl } from '@angular/forms';
import { describe, expect, it } from 'vitest';
import { email } from './email';

const judged = (text: string): boolean => email(new FormControl(text)) === null;

describe('email', () => {
  it('takes domains of any letters', () => {
    for (const text of ['', 'a@b.fr', ' a@b.fr ', 'contact@société.fr', 'info@пример.рф', 'a@xn--socit-esab.fr'])
      expect(judged(text), text).toBe(true);
  });
  it('refuses what is no address', () => {
    for (const text of ['a', '@b.fr', 'a@', 'a@b c.fr', 'a@b/c', 'a b@c.fr', 'a@b@c.fr', 'é@c.fr', 'a@b.fr:80'])
      expect(judged(text), text).toBe(false);
  });
});
