import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { page, userEvent } from 'vitest/browser';
import { Language, provideTranslations } from '../i18n/language';
import { JsonObject, JsonSchema } from './schema';
import { SchemaForm } from './schema-form';
import { SuggestSource, Suggestion, provideSuggest } from './sources';

const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    lignes: {
      type: 'array',
      title: 'Lignes',
      'x-widget': 'grid',
      'x-totals': { net: 'montant', rate: { by: 'tva', of: { exonere: 0, taux20: 20 } } },
      items: {
        type: 'object',
        required: ['libelle'],
        properties: {
          libelle: { type: 'string', maxLength: 500, title: 'Libellé', 'x-suggest': 'produits', 'x-pick': 'title' },
          quantite: { type: 'number', title: 'Quantité', 'x-pick': 'quantity' },
          prix: { type: 'integer', title: 'Prix', 'x-widget': 'money', 'x-pick': 'price' },
          tva: {
            type: 'string',
            title: 'TVA',
            default: 'exonere',
            'x-pick': 'vatRate',
            'x-pick-as': { '0': 'exonere', '2000': 'taux20' },
            oneOf: [
              { const: 'exonere', title: 'Exonéré' },
              { const: 'taux20', title: '20 %' },
            ],
          },
          montant: {
            type: 'integer',
            title: 'Montant',
            'x-widget': 'money',
            readOnly: true,
            'x-computed': { product: ['quantite', 'prix'] },
          },
        },
      },
    },
  },
};

class Products implements SuggestSource {
  suggest(text: string): Promise<Suggestion[]> {
    const all: Suggestion[] = [
      { label: 'Soudage TIG', detail: 'TIG', values: { title: 'Soudage TIG', quantity: 35, price: 4550, vatRate: 0 } },
      { label: 'Conseil', detail: 'RH', values: { title: 'Conseil', quantity: 2, price: 95_000, vatRate: 2000 } },
    ];
    return Promise.resolve(all.filter(({ label }) => label.toLowerCase().includes(text.toLowerCase())));
  }
}

@Component({
  imports: [SchemaForm],
  template: `<form (submit)="sent.set(true)">
    <afpi-schema-form [schema]="schema" [value]="value()" (edit)="value.update($event)" />
  </form>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Page {
  readonly schema = SCHEMA;
  readonly value = signal<JsonObject>({ lignes: [{ libelle: 'Un', quantite: 1, prix: 100, tva: 'taux20' }] });
  readonly sent = signal(false);
}

describe('a grid', () => {
  async function open(): Promise<Page> {
    TestBed.configureTestingModule({
      providers: [provideTranslations(), Products, provideSuggest('produits', () => Promise.resolve(Products))],
    });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(Page);
    await fixture.whenStable();
    return fixture.componentInstance;
  }
  const rows = (form: Page) => form.value()['lignes'] as JsonObject[];
  const cell = (label: string, row: number) => page.getByLabelText(label, { exact: true }).nth(row);

  function copied(text: string): void {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  }

  it('is filled in by keyboard alone: Enter adds a row, Tab goes on to the next one', async () => {
    const form = await open();
    await cell('Prix', 0).click();
    await userEvent.keyboard('{Enter}');
    await expect.element(cell('Libellé', 1)).toHaveFocus();
    await userEvent.keyboard('Deux{Tab}3{Tab}1,25{Tab}');
    await expect.element(cell('TVA', 1)).toHaveFocus();
    expect(rows(form)[1]).toMatchObject({ libelle: 'Deux', quantite: 3, prix: 125, tva: 'exonere', montant: 375 });
    expect(form.sent()).toBe(false);
    (cell('TVA', 0).element() as HTMLElement).focus();
    await userEvent.keyboard('{Tab}');
    await expect.element(cell('Libellé', 1)).toHaveFocus();
  });

  it('lets arrows move between cells, and within a text first', async () => {
    await open();
    await cell('Libellé', 0).click();
    await userEvent.keyboard('{End}{ArrowRight}');
    await expect.element(cell('Quantité', 0)).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(cell('Prix', 0)).toHaveFocus();
    await userEvent.keyboard('12,5{ArrowLeft}');
    await expect.element(cell('Prix', 0)).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await cell('Quantité', 1).click();
    await userEvent.keyboard('{ArrowUp}');
    await expect.element(cell('Quantité', 0)).toHaveFocus();
    await userEvent.keyboard('{ArrowDown}');
    await expect.element(cell('Quantité', 1)).toHaveFocus();
  });

  it('takes rows from a spreadsheet, and tells what it could not read', async () => {
    const form = await open();
    await cell('Libellé', 0).click();
    copied('Libellé\tQuantité\tPrix\tTVA\nSoudage\t35\t45,50 €\tExonéré\nRepas\tbeaucoup\t16,67\t20 %\n');
    await expect.element(cell('Libellé', 1)).toHaveValue('Repas');
    expect(rows(form)).toMatchObject([
      { libelle: 'Soudage', quantite: 35, prix: 4550, tva: 'exonere', montant: 159_250 },
      { libelle: 'Repas', prix: 1667, tva: 'taux20' },
    ]);
    expect(rows(form)[1]?.['quantite']).toBeUndefined();
    await expect.element(page.getByRole('alert')).toHaveTextContent(/Ligne 2, Quantité : « beaucoup »/);
    await cell('Prix', 0).click();
    copied('50\n60\n70');
    await expect.element(cell('Prix', 2)).toHaveValue('70,00');
    expect(rows(form).map((row) => row['prix'])).toEqual([5000, 6000, 7000]);
  });

  it('is filled in from suggestions', async () => {
    const form = await open();
    await cell('Libellé', 0).fill('cons');
    const option = page.getByRole('option', { name: /Conseil/ });
    await expect.element(option).toBeVisible();
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(rows(form)).toEqual([{ libelle: 'Conseil', quantite: 2, prix: 95_000, tva: 'taux20', montant: 190_000 }]);
    await expect
      .element(page.getByRole('group', { name: /Lignes/ }))
      .toHaveTextContent(/TVA\s20\s%\ssur\s1\s900,00\s€\s*380,00\s€/);
    await expect.element(page.getByRole('group', { name: /Lignes/ })).toHaveTextContent(/Total\sTTC\s*2\s280,00\s€/);
  });
});
