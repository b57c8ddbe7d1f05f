import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { page, userEvent } from 'vitest/browser';
import { Language, provideTranslations } from '../i18n/language';
import { FORM_CONTEXT, FormContext, NO_CONTEXT } from './context';
import { JsonObject, JsonSchema } from './schema';
import { SchemaForm } from './schema-form';
import { Choice, LookupSource, PickSource, PickedRow, provideLookup, providePick } from './sources';

const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    vehicule: { type: 'string', title: 'Véhicule', 'x-widget': 'vehicule' },
    nuance: { type: 'string', title: 'Nuance', 'x-widget': 'nuancier' },
    personnes: {
      type: 'array',
      title: 'Personnes',
      'x-pick-from': 'equipe',
      items: {
        type: 'object',
        properties: {
          nom: { type: 'string', title: 'Nom', 'x-pick': 'name' },
          note: { type: 'string', title: 'Note' },
        },
      },
    },
  },
};

class Vehicles implements LookupSource {
  static fails = false;
  choices = (site: string | null): Promise<Choice[]> =>
    Vehicles.fails
      ? Promise.reject(new Error('away'))
      : Promise.resolve([{ value: 'v1', label: `Fourgon de ${site ?? 'partout'}`, traits: ['7 places'] }]);
}
class Team implements PickSource {
  label = 'common.edit';
  about = 'equipe';
  identity = ['name'];
  rows = (id: string): Promise<PickedRow[]> =>
    Promise.resolve(['Anne', 'Bruno'].map((name) => ({ title: name, detail: id, values: { name } })));
}

@Component({
  imports: [SchemaForm],
  template: `<afpi-schema-form [schema]="schema" [value]="value()" (edit)="value.update($event)" />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Page {
  readonly schema = SCHEMA;
  readonly value = signal<JsonObject>({});
}

describe('choices that a domain registers', () => {
  async function open(): Promise<Page> {
    const context = signal<FormContext>({ ...NO_CONTEXT, site: 'Lille', about: { equipe: 'e1' } });
    TestBed.configureTestingModule({
      providers: [
        provideTranslations(),
        ...[Vehicles, Team],
        provideLookup('vehicule', () => Promise.resolve(Vehicles)),
        providePick('equipe', () => Promise.resolve(Team)),
        { provide: FORM_CONTEXT, useValue: context },
      ],
    });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(Page);
    await fixture.whenStable();
    return fixture.componentInstance;
  }

  it('are offered under their name, for the site of the page', async () => {
    Vehicles.fails = false;
    const form = await open();
    await expect.element(page.getByRole('option', { name: 'Fourgon de Lille' })).toBeInTheDocument();
    await userEvent.selectOptions(page.getByLabelText('Véhicule'), 'Fourgon de Lille');
    expect(form.value()).toEqual({ vehicule: 'v1' });
    await expect.element(page.getByText('7 places')).toBeVisible();
  });

  it('can be read again after a failure', async () => {
    Vehicles.fails = true;
    await open();
    await expect.element(page.getByText('Les choix n’ont pas pu être chargés.')).toBeVisible();
    Vehicles.fails = false;
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await expect.element(page.getByRole('option', { name: 'Fourgon de Lille' })).toBeInTheDocument();
  });

  it('are typed where nobody registered the name', async () => {
    Vehicles.fails = false;
    const form = await open();
    await page.getByLabelText('Nuance').fill('bleu');
    expect(form.value()).toEqual({ nuance: 'bleu' });
  });

  it('become rows by keyboard, each once', async () => {
    Vehicles.fails = false;
    const form = await open();
    await page.getByRole('button', { name: 'Modifier' }).click();
    await expect.element(page.getByRole('menuitem', { name: 'Anne' })).toHaveFocus();
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(form.value()).toEqual({ personnes: [{ nom: 'Bruno' }] });
    await page.getByRole('button', { name: 'Modifier' }).click();
    await expect.poll(() => page.getByRole('menuitem').elements().length).toBe(1);
  });
});
