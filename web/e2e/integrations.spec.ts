/** Integrations: a key of the API is made, used, renewed and revoked. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, freshSiret, signIn, test } from './support/app';

test('a key is made, its secret is shown once, and it opens what was chosen until it is revoked', async ({
  page,
  request,
}) => {
  const name = `Site web ${freshSiret().slice(0, 6)}`;
  const call = async (secret: string, path: string): Promise<number> =>
    (await request.get(path, { headers: { authorization: `Bearer ${secret}` } })).status();

  await signIn(page, 'admin');
  await page.goto('/integrations');
  await page.getByRole('button', { name: 'Nouvelle clé' }).click();
  const dialog = page.getByRole('dialog', { name: 'Nouvelle clé' });
  await dialog.getByRole('textbox', { name: 'Nom', exact: true }).fill(name);
  await dialog.getByLabel('Rôle').selectOption({ label: 'Manager' });
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog.getByText('Choisissez au moins un site.')).toBeVisible();
  await expect(dialog.getByText('Choisissez au moins un domaine.')).toBeVisible();
  await expectAccessible(page, 'a new key');
  await dialog.getByRole('checkbox').first().check();
  await dialog.getByLabel('Entreprises et contacts').selectOption({ label: 'Lecture' });
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'a new key on a telephone');
  await page.setViewportSize({ width: 1440, height: 900 });
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();

  const shown = page.getByRole('dialog', { name: `Secret de ${name}` });
  const first = await shown.getByLabel('Secret').inputValue();
  expect(first).toMatch(/^afpi_[0-9A-Za-z]{38}$/);
  await expectAccessible(page, 'a secret');
  await shown.getByRole('button', { name: 'Fermer' }).click();
  expect(await call(first, '/api/entreprises')).toBe(200);
  expect(await call(first, '/api/opportunites')).toBe(403);

  await page.reload();
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('Entreprises et contacts : Lecture');
  await expect(row).toContainText('depuis');
  await expect(row).toContainText('Active');
  await expect(page.getByText(first)).toHaveCount(0);
  await expectAccessible(page, 'integrations with a key');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'integrations on a telephone');
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.getByRole('button', { name: `Renouveler le secret de ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Garder l’ancien 24 heures' }).click();
  const second = await shown.getByLabel('Secret').inputValue();
  await shown.getByRole('button', { name: 'Fermer' }).click();
  await expect(row).toContainText('L’ancien secret vaut jusqu’au');
  expect([await call(first, '/api/entreprises'), await call(second, '/api/entreprises')]).toEqual([200, 200]);

  await page.getByRole('button', { name: `Révoquer ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Révoquer' }).click();
  await expectToast(page, 'Clé révoquée');
  await expect(row).toContainText('Révoquée');
  expect([await call(first, '/api/entreprises'), await call(second, '/api/entreprises')]).toEqual([401, 401]);

  await page.goto('/journal?objet=api_key');
  await expect(page.getByRole('row').filter({ hasText: name }).first()).toBeVisible();
});
