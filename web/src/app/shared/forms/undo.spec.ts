import { TestBed } from '@angular/core/testing';
import { ProblemError } from '../http/problem';
import { Language, provideTranslations } from '../i18n/language';
import { ToastStore } from '../ui/toast-store';
import { Undo } from './undo';

describe('taking back what was saved', () => {
  const toast = () => TestBed.inject(ToastStore).current();
  const shown: unknown[] = [];

  beforeEach(async () => {
    shown.length = 0;
    TestBed.configureTestingModule({ providers: [provideTranslations()] });
    await TestBed.inject(Language).use('fr');
  });
  const take = async (back: () => Promise<{ version: number }>): Promise<void> => {
    TestBed.inject(Undo).saved(back, (now) => shown.push(now));
    expect(toast()?.action?.label).toBe('Annuler');
    expect(shown).toEqual([]);
    await toast()?.action?.run();
  };

  it('writes the former values and shows what is there then', async () => {
    await take(() => Promise.resolve({ version: 3 }));
    expect(shown).toEqual([{ version: 3 }]);
    expect(toast()?.text).toBe('Modifications annulées');
    expect(toast()?.action).toBeUndefined();
  });

  it('takes nothing back that somebody else has saved over', async () => {
    await take(() =>
      Promise.reject(
        new ProblemError({ type: 'x', title: 'Modifié', status: 412, code: 'stale', current: { version: 9 } }),
      ),
    );
    expect(shown).toEqual([{ version: 9 }]);
    expect(toast()?.tone).toBe('bad');
    expect(toast()?.text).toContain('rien n’a été annulé');
  });

  it('tells a refusal', async () => {
    await take(() => Promise.reject(new ProblemError({ type: 'x', title: 'Non', status: 403, code: 'forbidden' })));
    expect(shown).toEqual([]);
    expect(toast()?.text).toBe('Non');
  });
});
