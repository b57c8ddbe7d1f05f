import { ChangeDetectionStrategy, Component, Type, effect, inject, input, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { page } from 'vitest/browser';
import { Language, provideTranslations } from '../i18n/language';
import { PanelHost } from './panel-host';
import { PanelContent, PanelFrame, providePanel } from './panels';

interface Subject {
  name: string;
  files: number;
}

@Component({
  template: `<p>Note sur {{ subject().name }}</p>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Note implements PanelContent<Subject> {
  readonly subject = input.required<Subject>();
}

@Component({
  template: `<label>Filtre <input /></label>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Files implements PanelContent<Subject> {
  readonly subject = input.required<Subject>();
  constructor() {
    const frame = inject(PanelFrame);
    effect(() => {
      frame.badge.set(String(this.subject().files));
    });
  }
}

@Component({
  imports: [PanelHost],
  template: `
    <main class="stack"><afpi-panels page="fiche" place="main" [subject]="subject()" /></main>
    <aside class="stack"><afpi-panels page="fiche" place="side" [subject]="subject()" /></aside>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Page {
  readonly subject = signal<Subject>({ name: 'Anne', files: 2 });
}

describe('a page made of panels', () => {
  let loads = 0;
  let away = false;
  const file = (): Promise<Type<PanelContent<Subject>>> => {
    loads++;
    return away ? Promise.reject(new Error('no file')) : Promise.resolve(Files);
  };

  async function open(): Promise<Page> {
    loads = 0;
    TestBed.configureTestingModule({
      providers: [
        provideTranslations(),
        providePanel<Subject>({
          ...{ id: 'files', page: 'fiche', place: 'main', order: 20, title: 'common.columns' },
          shown: ({ files }) => files > 0,
          load: file,
        }),
        providePanel<Subject>({
          ...{ id: 'note', page: 'fiche', place: 'main', order: 10, title: 'common.edit' },
          load: () => Promise.resolve(Note),
        }),
        providePanel<Subject>({
          ...{ id: 'bare', page: 'fiche', place: 'side', order: 10, title: null },
          load: () => Promise.resolve(Note),
        }),
        providePanel<Subject>({
          ...{ id: 'other', page: 'autre', place: 'main', order: 1, title: 'common.save' },
          load: () => Promise.reject(new Error('not of this page')),
        }),
      ],
    });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(Page);
    await fixture.whenStable();
    return fixture.componentInstance;
  }
  const headings = (): string[] =>
    page
      .getByRole('heading', { level: 2 })
      .elements()
      .map(({ textContent }) => textContent);

  it('shows those of each place in their order, under their heading, and none of another page', async () => {
    away = false;
    await open();
    await expect.element(page.getByRole('region', { name: 'Colonnes' })).toHaveTextContent('Filtre');
    expect(headings()).toEqual(['Modifier', 'Colonnes']);
    await expect.element(page.getByRole('region', { name: 'Colonnes' }).getByText('2')).toHaveClass('badge');
    await expect.element(page.getByRole('complementary')).toHaveTextContent('Note sur Anne');
    expect(page.getByRole('complementary').getByRole('region').elements()).toHaveLength(0);
  });

  it('gives them what is new, keeps what was typed in them, and takes away those with nothing to show', async () => {
    away = false;
    const fiche = await open();
    await page.getByLabelText('Filtre').fill('devis');
    fiche.subject.set({ name: 'Bruno', files: 1 });
    await expect.element(page.getByRole('complementary')).toHaveTextContent('Note sur Bruno');
    await expect.element(page.getByLabelText('Filtre')).toHaveValue('devis');
    fiche.subject.set({ name: 'Bruno', files: 0 });
    await expect.element(page.getByRole('region', { name: 'Colonnes' })).not.toBeInTheDocument();
    expect(loads).toBe(1);
  });

  it('says so where the code of one cannot be read, leaves the others alone, and tries again', async () => {
    away = true;
    await open();
    await expect.element(page.getByRole('region', { name: 'Colonnes' })).toHaveTextContent('Chargement impossible');
    await expect.element(page.getByRole('region', { name: 'Modifier' })).toHaveTextContent('Note sur Anne');
    away = false;
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await expect.element(page.getByLabelText('Filtre')).toBeVisible();
    expect(loads).toBe(2);
  });
});
