/** Rooms: records of a site with unique names. The planning of sessions offers them. */
import { expect } from '@playwright/test';
import { expectAccessible, expectToast, signIn, test } from './support/app';

test('a room is made once per name, and changed', async ({ page }) => {
  const name = `Atelier ${Date.now()}`;
  await signIn(page, 'planificateur');
  await page.getByRole('navigation').getByRole('link', { name: 'Salles' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Salles' })).toBeVisible();
  const open = page.getByRole('button', { name: 'Nouvelle salle' });
  await open.click();
  const dialog = page.getByRole('dialog', { name: 'Nouvelle salle' });
  await dialog.getByLabel('Nom').fill(name);
  await dialog.getByLabel('Capacité').fill('12');
  await dialog.getByLabel('Équipement').fill('Vidéoprojecteur\nPostes à souder');
  await expectAccessible(page, 'room dialog');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expectToast(page, 'Modifications enregistrées');

  await open.click();
  await dialog.getByLabel('Nom').fill(`  ${name.toUpperCase()} `);
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog.getByText('Ce site a déjà une salle de ce nom.').first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Annuler' }).click();

  await page.goto(`/salles?q=${encodeURIComponent(name)}`);
  await expect(page.getByText('Postes à souder')).toBeVisible();
  await expectAccessible(page, 'rooms');
  await page.getByRole('button', { name: `Modifier ${name}` }).click();
  const edit = page.getByRole('dialog', { name: 'Modifier la salle' });
  await edit.getByLabel('Active').uncheck();
  await edit.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(edit).toBeHidden();
  await expect(page.getByText('Aucune salle', { exact: true })).toBeVisible();
});
