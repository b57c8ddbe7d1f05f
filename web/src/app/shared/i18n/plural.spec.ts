import { TestBed } from '@angular/core/testing';
import { TranslocoService } from '@jsverse/transloco';
import { Language, provideTranslations } from './language';
import { pluralised } from './plural';

describe('a text with a number', () => {
  it('is said of one or of several, as the language counts', () => {
    const fr = '{{n}} champ{{n||s}} modifié{{n||s}}';
    expect(pluralised(fr, { n: 1 }, 'fr')).toBe('{{n}} champ modifié');
    expect(pluralised(fr, { n: 0 }, 'fr')).toBe('{{n}} champ modifié');
    expect(pluralised(fr, { n: 2 }, 'fr')).toBe('{{n}} champs modifiés');
    expect(pluralised(fr, { n: '1\u202f001' }, 'fr')).toBe('{{n}} champs modifiés');
    expect(pluralised('{{n}} {{n|day|days}}', { n: 0 }, 'en')).toBe('{{n}} days');
  });

  it('comes so out of the dictionaries', async () => {
    TestBed.configureTestingModule({ providers: [provideTranslations()] });
    const transloco = TestBed.inject(TranslocoService);
    await TestBed.inject(Language).use('fr');
    expect(transloco.translate('common.results', { n: 1 })).toBe('1 résultat');
    expect(transloco.translate('common.results', { n: 3 })).toBe('3 résultats');
    await TestBed.inject(Language).use('en');
    expect(transloco.translate('common.results', { n: 1 })).toBe('1 result');
    expect(transloco.translate('common.results', { n: 0 })).toBe('0 results');
  });
});
