/** Companies: SIRET checked at once, duplicates led to the company that has it, edits kept. */
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
  await expect(page.getByText('Rappeler en janvier.')).toBeVisible();

  await page.goto(`/entreprises?q=${encodeURIComponent(name)}`);
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
});
