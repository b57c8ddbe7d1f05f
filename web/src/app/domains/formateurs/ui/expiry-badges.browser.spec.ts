import { TestBed } from '@angular/core/testing';
import { today } from '../../../shared/i18n/format';
import { Language, Texts, provideTranslations } from '../../../shared/i18n/language';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import { ExpiryBadges } from './expiry-badges';

const TEXTS: Texts = { fr: () => Promise.resolve(fr), en: () => Promise.resolve(en) };

describe('badges of what expires', () => {
  it('say since when it is over, or how many days are left', async () => {
    const days = (n: number): string => new Date(Date.parse(today()) + n * 86_400_000).toISOString().slice(0, 10);
    TestBed.configureTestingModule({ providers: [provideTranslations(TEXTS)] });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(ExpiryBadges);
    fixture.componentRef.setInput('expiries', [
      { name: 'H0B0', expiresOn: days(20) },
      { name: 'CACES', expiresOn: '2020-03-05' },
      { name: 'SST', expiresOn: days(200) },
    ]);
    await fixture.whenStable();
    const texts = (): string[] =>
      [...(fixture.nativeElement as HTMLElement).querySelectorAll('.chip')].map((chip) => chip.textContent.trim());
    expect(texts()).toEqual(['CACES\u00a0: expiré le 05/03/2020', 'H0B0\u00a0: expire dans 20 jours']);
    fixture.componentRef.setInput('most', 1);
    await fixture.whenStable();
    expect(texts()).toHaveLength(1);
  });
});
