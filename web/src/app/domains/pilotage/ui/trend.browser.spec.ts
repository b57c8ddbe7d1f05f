import { TestBed } from '@angular/core/testing';
import { page, userEvent } from 'vitest/browser';
import { MetricFigure } from '../../../api/models/metric-figure';
import { MonthScores } from '../../../api/models/month-scores';
import { en as sharedEn } from '../../../shared/i18n/en';
import { fr as sharedFr } from '../../../shared/i18n/fr';
import { Language, Texts, provideTranslations } from '../../../shared/i18n/language';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import { Trend } from './trend';

const TEXTS: Texts = {
  fr: () => Promise.resolve({ ...sharedFr, ...fr }),
  en: () => Promise.resolve({ ...sharedEn, ...en }),
};
const MONEY = { id: 'ca', label: { fr: 'CA gagné', en: 'Won' }, figure: { kind: 'money' } } as MetricFigure;
const RATE = { id: 'taux', label: { fr: 'Taux', en: 'Rate' }, figure: { kind: 'ratio' } } as MetricFigure;
const SERIES: MonthScores[] = ['2026-09', '2026-10', '2026-11', '2026-12'].map((month, at) => ({
  month,
  scores: [
    { metric: 'ca', figure: { kind: 'money', value: (at + 1) * 1_000_00 } },
    { metric: 'taux', figure: at === 1 ? { kind: 'none' } : { kind: 'ratio', numerator: at, denominator: 4 } },
  ],
}));

describe('a trend', () => {
  async function open(metric: MetricFigure, series = SERIES): Promise<HTMLElement> {
    TestBed.configureTestingModule({ providers: [provideTranslations(TEXTS)] });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(Trend);
    fixture.componentRef.setInput('metric', metric);
    fixture.componentRef.setInput('series', series);
    fixture.componentRef.setInput('period', '2026-Q4');
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  }
  const slider = (): ReturnType<typeof page.getByRole> => page.getByRole('slider');
  const tip = (host: HTMLElement): string =>
    (host.querySelector('.tip')?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();

  it('draws a bar a month; those of the period stand out, and a legend says so', async () => {
    const host = await open(MONEY);
    expect(host.querySelectorAll('path.bar').length).toBe(4);
    expect(host.querySelectorAll('path.bar.earlier').length).toBe(1);
    expect(host.querySelector('.legend')?.textContent).toMatch(/T4 2026.*Mois précédents/);
    expect(host.querySelector('.written')?.textContent).toBe('1\u00a0k€');
  });

  it('draws a rate as a line with a gap where a month has no value', async () => {
    const host = await open(RATE);
    expect(host.querySelectorAll('circle.dot').length).toBe(3);
    expect(host.querySelector('path.line')?.getAttribute('d')?.match(/M/g)?.length).toBe(2);
    expect(host.querySelectorAll('path.bar').length).toBe(0);
  });

  it('tells each month by the keyboard', async () => {
    const host = await open(MONEY);
    await userEvent.tab();
    await userEvent.tab();
    await userEvent.tab();
    await expect.element(slider()).toHaveFocus();
    expect(tip(host)).toBe('décembre 2026 4 000 €');
    await userEvent.keyboard('{ArrowLeft}');
    expect(tip(host)).toBe('novembre 2026 3 000 €');
    await expect.element(slider()).toHaveAttribute('aria-valuetext', 'novembre 2026, 3\u00a0000\u00a0€');
    await userEvent.keyboard('{Home}');
    expect(tip(host)).toBe('septembre 2026 1 000 €');
    await userEvent.tab();
    expect(tip(host)).toBe('');
  });

  it('tells the month under the pointer', async () => {
    const host = await open(MONEY);
    await userEvent.hover(host.querySelectorAll('path.bar')[1] as HTMLElement);
    await vi.waitFor(() => {
      expect(tip(host)).toBe('octobre 2026 2 000 €');
    });
    await userEvent.hover(page.getByRole('button', { name: 'Tableau' }));
    await vi.waitFor(() => {
      expect(tip(host)).toBe('');
    });
  });

  it('is described, and says when there is nothing to show', async () => {
    const host = await open(MONEY);
    expect(host.querySelector('figcaption')?.textContent).toMatch(/^CA gagné par mois\. Meilleur mois\s: déc\.\s2026/);
    TestBed.resetTestingModule();
    const empty = await open(MONEY, [{ month: '2026-12', scores: [] }]);
    expect(empty.querySelector('svg .none')?.textContent).toBe('Aucune valeur sur cette période.');
  });

  it('shows the same figures as a table', async () => {
    await open(MONEY);
    await page.getByRole('button', { name: 'Tableau' }).click();
    await expect.element(page.getByRole('row', { name: /nov\. 2026/ })).toHaveTextContent(/3\s000\s€/);
  });
});
