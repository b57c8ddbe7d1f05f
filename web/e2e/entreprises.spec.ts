/** Companies: the SIRET is checked at once, a duplicate leads to the existing company, and edits are kept. */
import { expect } from '@playwright/test';
import { expectAccessible, freshSiret, signIn, test } from './support/app';

test('a company is entered once', async ({ page }) => {
  const siret = freshSiret();
  const name = `Atelier ${siret.slice(0, 6)}`;
  await signIn(page, 'commercial');
  await page.goto('/entreprises/nouvelle');
  await page.getByLabel('Raison sociale').fill(name);
  await page.getByLabel('SIRET', { exact: true }).fill('73282932000075');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('la clé de contrôle ne correspond pas')).toBeVisible();
  await expectAccessible(page, 'company form with an error');

  await page.getByLabel('SIRET', { exact: true }).fill(siret);
  await page.getByLabel('SIRET', { exact: true }).press('Tab');
  await expect(page.getByLabel('N° de TVA')).toHaveValue(new RegExp(`^FR\\d\\d${siret.slice(0, 9)}$`));
  // A corrected SIRET updates its VAT number.
  const corrected = freshSiret();
  await page.getByLabel('SIRET', { exact: true }).fill(corrected);
  await expect(page.getByLabel('N° de TVA')).toHaveValue(new RegExp(`^FR\\d\\d${corrected.slice(0, 9)}$`));
  await page.getByLabel('SIRET', { exact: true }).fill(siret);
  await expect(page.getByLabel('N° de TVA')).toHaveValue(new RegExp(`^FR\\d\\d${siret.slice(0, 9)}$`));
  await page.getByLabel('Ville').fill('Beauvais');
  await page.getByRole('button', { name: 'Ajouter un contact' }).click();
  await page.getByRole('textbox', { name: 'Nom', exact: true }).fill('Leroy');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();

  await page.goto('/entreprises/nouvelle');
  await page.getByLabel('Raison sociale').fill('La même');
  await page.getByLabel('SIRET', { exact: true }).fill(siret);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const existing = page.getByRole('alert').getByRole('link', { name: new RegExp(name) });
  await expect(existing).toBeVisible();
  await existing.click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Quitter sans enregistrer' }).click();

  await page.getByRole('link', { name: 'Modifier' }).click();
  await page.getByLabel('Notes').fill('Rappeler en janvier.');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('paragraph').filter({ hasText: 'Rappeler en janvier.' })).toBeVisible();

  await page.goto(`/entreprises?q=${encodeURIComponent(name)}`);
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
});

test('a company that is missing is created where it is looked for', async ({ page }) => {
  const siret = freshSiret();
  const name = `Manquante ${siret.slice(0, 9)}`;
  await signIn(page, 'commercial');
  await page.locator('main').focus();
  await page.keyboard.press('n');
  const picker = page.getByLabel('Entreprise');
  await expect(picker).toBeFocused();
  await page.keyboard.type(name);
  await expect(page.getByRole('option', { name: 'Aucune entreprise trouvée' })).toBeVisible();
  await page.getByRole('option', { name: `Créer l’entreprise « ${name} »` }).click();
  const dialog = page.getByRole('dialog', { name: 'Nouvelle entreprise' });
  await expect(dialog.getByLabel('Raison sociale')).toHaveValue(name);
  await dialog.getByLabel('SIRET').fill(siret);
  await dialog.getByLabel('Ville').fill('Creil');
  await expectAccessible(page, 'a company created in the picker');
  await dialog.getByRole('button', { name: 'Créer l’entreprise' }).click();
  await expect(dialog).toBeHidden();
  await expect(picker).toHaveValue(name);

  // A typed name does not choose a company. A message says so, and the text stays.
  await page.getByLabel('Intitulé').fill('Habilitation');
  await page.getByLabel('Budget estimé HT').fill('900');
  await picker.fill('Nulle part');
  // The test uses the keyboard, because the list of proposals may cover the field above.
  await picker.press('Tab');
  await page.getByRole('button', { name: 'Créer l’opportunité' }).click();
  await expect(page.getByText('Choisissez une proposition de la liste')).toBeVisible();
  await expect(picker).toHaveValue('Nulle part');
  await picker.fill(siret);
  await page
    .getByRole('option', { name: new RegExp(name) })
    .first()
    .click();
  await page.getByRole('button', { name: 'Créer l’opportunité' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Habilitation' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name })).toBeVisible();
});
