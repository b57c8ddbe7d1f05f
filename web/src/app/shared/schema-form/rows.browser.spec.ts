import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { page, userEvent } from 'vitest/browser';
import { Language, provideTranslations } from '../i18n/language';
import { JsonObject, JsonSchema } from './schema';
import { SchemaForm } from './schema-form';

const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    lignes: {
      type: 'array',
      title: 'Lignes',
      items: {
        type: 'object',
        properties: {
          libelle: { type: 'string', title: 'Libellé' },
          prix: { type: 'integer', title: 'Prix', 'x-widget': 'money', 'x-sum': true },
        },
      },
    },
  },
};

@Component({
  imports: [SchemaForm],
  template: `<afpi-schema-form [schema]="schema" [value]="value()" (edit)="value.update($event)" />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Page {
  readonly schema = SCHEMA;
  readonly value = signal<JsonObject>({ lignes: [{ libelle: 'Un', prix: 10000 }, { libelle: 'Deux' }] });
}

describe('rows of a schema form', () => {
  async function open(): Promise<() => unknown> {
    TestBed.configureTestingModule({ providers: [provideTranslations()] });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(Page);
    await fixture.whenStable();
    return () => fixture.componentInstance.value()['lignes'];
  }
  const labels = (): string[] =>
    page
      .getByLabelText('Libellé')
      .elements()
      .map((field) => (field as HTMLInputElement).value);

  it('are added with the focus in the new one, typed into, and summed', async () => {
    const rows = await open();
    await page.getByRole('button', { name: 'Ajouter une ligne' }).click();
    await expect.element(page.getByLabelText('Libellé').nth(2)).toHaveFocus();
    await userEvent.keyboard('Trois{Tab}250,5');
    expect(rows()).toEqual([{ libelle: 'Un', prix: 10000 }, { libelle: 'Deux' }, { libelle: 'Trois', prix: 25050 }]);
    await page.getByLabelText('Prix').nth(1).fill('1');
    await expect.element(page.getByRole('table')).toHaveTextContent(/Total\s*351,50/);
  });

  it('move with what is half-typed in them, and the focus stays on the button', async () => {
    const rows = await open();
    await page.getByLabelText('Prix').nth(1).fill('12,');
    await userEvent.keyboard('x');
    const up = page.getByRole('button', { name: 'Monter la ligne 2' });
    (up.element() as HTMLElement).focus();
    await userEvent.keyboard('{Enter}');
    expect(labels()).toEqual(['Deux', 'Un']);
    expect((page.getByLabelText('Prix').nth(0).element() as HTMLInputElement).value).toBe('12,x');
    await expect.element(page.getByRole('button', { name: 'Descendre la ligne 1' })).toHaveFocus();
    expect(rows()).toMatchObject([{ libelle: 'Deux' }, { libelle: 'Un', prix: 10000 }]);
  });

  it('are removed one by one; the focus goes to the next, then to the button that adds', async () => {
    const rows = await open();
    await page.getByRole('button', { name: 'Supprimer la ligne 1' }).click();
    expect(labels()).toEqual(['Deux']);
    await expect.element(page.getByRole('button', { name: 'Supprimer la ligne 1' })).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    expect(rows()).toEqual([]);
    await expect.element(page.getByRole('button', { name: 'Ajouter une ligne' })).toHaveFocus();
  });
});
