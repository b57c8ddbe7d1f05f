import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { page, userEvent } from 'vitest/browser';
import { Api } from '../../../api/api';
import { createEntreprise } from '../../../api/fn/entreprises/create-entreprise';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { HalfTyped } from '../../../shared/forms/half-typed';
import { Language, Texts, provideTranslations } from '../../../shared/i18n/language';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import { EntreprisePicker, PickedEntreprise } from './entreprise-picker';

const TEXTS: Texts = { fr: () => Promise.resolve(fr), en: () => Promise.resolve(en) };
const found = (id: string, name: string) => ({
  ...{ id, name, siret: null },
  address: { city: 'Lens' },
  localisation: { name: 'Lille' },
});

@Component({
  imports: [EntreprisePicker, ReactiveFormsModule],
  template: `<label for="e">Entreprise</label><afpi-entreprise-picker inputId="e" [formControl]="control" />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Form {
  readonly control = new FormControl<PickedEntreprise | null>(null);
  readonly halfTyped = inject(HalfTyped);
}

describe('a company to pick', () => {
  let asked: unknown[] = [];

  async function open(mayCreate: boolean): Promise<Form> {
    asked = [];
    const invoke = (call: unknown, params: { q?: string }): Promise<unknown> => {
      if (call === createEntreprise) return Promise.reject(new Error('nothing is sent here'));
      asked.push(params.q);
      const all = [found('1', 'Acier Nord'), found('2', 'Acier Sud')];
      return Promise.resolve({ data: all.filter(({ name }) => name.toLowerCase().includes(params.q ?? '')) });
    };
    TestBed.configureTestingModule({
      providers: [
        provideTranslations(TEXTS),
        { provide: Api, useValue: { invoke } },
        { provide: Session, useValue: { can: () => mayCreate } },
        { provide: Site, useValue: { current: () => null, mine: () => [] } },
      ],
    });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(Form);
    await fixture.whenStable();
    return fixture.componentInstance;
  }
  const field = page.getByLabelText('Entreprise');

  it('is looked for once typing pauses, and picked by keyboard', async () => {
    const { control } = await open(false);
    await field.click();
    await userEvent.keyboard('acier');
    expect(control.valid).toBe(false);
    await expect.element(page.getByRole('option', { name: 'Acier Sud' })).toBeVisible();
    expect(asked).toEqual(['acier']);
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(control.value).toMatchObject({ id: '2', name: 'Acier Sud' });
    await expect.element(page.getByText('Lens · Lille')).toBeVisible();
    // One more key removes the choice.
    await userEvent.keyboard('x');
    expect([control.value, control.valid]).toEqual([null, false]);
  });

  it('says that there is none, and offers to create it to those who may', async () => {
    await open(false);
    await field.fill('zinc');
    await expect.element(page.getByRole('option', { name: 'Aucune entreprise trouvée' })).toBeVisible();
    expect(page.getByRole('option').elements()).toHaveLength(1);
  });

  it('opens the form of a new one with the name that was looked for; closing it keeps the text', async () => {
    const { control } = await open(true);
    await field.fill('zinc');
    await page.getByRole('option', { name: 'Créer l’entreprise « zinc »' }).click();
    await expect.element(page.getByRole('dialog').getByLabelText(/Raison sociale/)).toHaveValue('zinc');
    await page.getByRole('dialog').getByRole('button', { name: 'Annuler' }).click();
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
    await expect.element(field).toHaveValue('zinc');
    expect(control.value).toBeNull();
  });
});
