import { TestBed } from '@angular/core/testing';
import { TranslocoService } from '@jsverse/transloco';
import { Language, Texts, provideTranslations } from './language';

const part = (name: string, loaded: string[] = []): Texts => ({
  fr: () => (loaded.push('fr'), Promise.resolve({ [name]: { title: `${name} !` } })),
  en: () => (loaded.push('en'), Promise.resolve({ [name]: { title: `${name}!` } })),
});

describe('the language', () => {
  let language: Language;
  const say = (key: string): string => TestBed.inject(TranslocoService).translate(key);

  beforeEach(() => {
    localStorage.clear();
    TestBed.configureTestingModule({ providers: [provideTranslations(part('first'))] });
    language = TestBed.inject(Language);
  });

  it('gets the texts of a part when a page asks for them, once', async () => {
    const loaded: string[] = [];
    const later = part('later', loaded);
    await language.start();
    await language.add(later);
    await language.add(later);
    expect([say('first.title'), say('later.title'), loaded]).toEqual(['first\u00a0!', 'later\u00a0!', ['fr']]);
  });

  it('has all parts in the next language, also those added while it changes', async () => {
    await language.start();
    await language.add(part('before'));
    await Promise.all([language.use('en'), language.add(part('during'))]);
    expect(['first', 'before', 'during'].map((name) => say(`${name}.title`))).toEqual(['first!', 'before!', 'during!']);
    await language.use('fr');
    expect(say('during.title')).toBe('during\u00a0!');
  });

  it('goes on after a part that could not be loaded', async () => {
    await language.start();
    const away: Texts = { fr: () => Promise.reject(new Error('away')), en: () => Promise.reject(new Error('away')) };
    await expect(language.add(away)).rejects.toThrow('away');
    await language.add(part('later'));
    await language.use('en');
    expect(say('later.title')).toBe('later!');
  });
});
