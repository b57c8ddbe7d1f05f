/** Roles and rights: an administrator changes the matrix, and the change applies at once. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, signIn, test } from './support/app';

test('a right that is taken away is gone at once, and is given back', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/roles');
  const box = page.getByRole('checkbox', { name: 'Exporter les opportunités : Facturation' });
  await expect(box).toBeChecked();
  await expectAccessible(page, 'roles and rights');
  await box.click();
  await expect(page.getByText('Droit retiré')).toBeVisible();
  await expect(box).not.toBeChecked();
  await page.reload();
  await expect(box).not.toBeChecked();
  await box.click();
  await expect(page.getByText('Droit donné')).toBeVisible();
  await expect(box).toBeChecked();
  // There is no box for actions that a role cannot have. The administrator keeps all actions.
  await expect(page.getByRole('checkbox', { name: /Installer des extensions/ })).toHaveCount(0);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'roles and rights');
  await expectAccessible(page, 'roles and rights on a telephone');
});

test('a manager reads the matrix', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/roles');
  await expect(page.getByRole('rowheader', { name: 'Exporter les opportunités' })).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(0);
});

test('a further role is made, sees less, is given, renamed and deleted', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/roles');
  await page.getByRole('button', { name: 'Nouveau rôle' }).click();
  await page.getByLabel('Nom en français').fill('Adjoint');
  await page.getByLabel('Nom en anglais').fill('Deputy');
  await page.getByLabel('Repose sur').selectOption({ label: 'Manager' });
  await expectAccessible(page, 'a new role');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const reach = page.getByLabel('Voit : Adjoint');
  await expect(reach).toHaveValue('sites');
  await reach.selectOption('own');
  await expect(page.getByText('Modifications enregistrées').last()).toBeVisible();
  await page.getByRole('checkbox', { name: 'Exporter les opportunités : Adjoint' }).click();
  await expect(page.getByRole('checkbox', { name: 'Exporter les opportunités : Adjoint' })).not.toBeChecked();
  await expectAccessible(page, 'roles with a further one');
  await expectNoSideways(page, 'roles with a further one');

  await page.goto('/utilisateurs?q=facturation');
  await page.getByRole('button', { name: /^Modifier Facturation/ }).click();
  await page.getByLabel('Rôle', { exact: true }).last().selectOption({ label: 'Adjoint' });
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('cell', { name: 'Adjoint' })).toBeVisible();
  await page.getByRole('button', { name: /^Droits de Facturation/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('repose sur Manager')).toBeVisible();
  await expect(dialog.getByText(/voit les dossiers de la personne/)).toBeVisible();
  await expectAccessible(page, 'the access of a person');
  await dialog.getByRole('button', { name: 'Fermer' }).click();

  await page.goto('/roles');
  await expect(page.getByRole('button', { name: 'Supprimer Adjoint' })).toHaveCount(0);
  await page.goto('/utilisateurs?q=facturation');
  await page.getByRole('button', { name: /^Modifier Facturation/ }).click();
  await page.getByLabel('Rôle', { exact: true }).last().selectOption({ label: 'Facturation' });
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('cell', { name: 'Facturation', exact: true })).toBeVisible();
  await page.goto('/roles');
  await page.getByRole('button', { name: 'Renommer Adjoint' }).click();
  await page.getByLabel('Nom en français').fill('Second');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('button', { name: 'Supprimer Second' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Supprimer Second' }).click();
  await expect(page.getByText('Rôle supprimé')).toBeVisible();
  await expect(page.getByRole('columnheader', { name: /Second/ })).toHaveCount(0);
});

test('a record says why it is seen', async ({ page }) => {
  await signIn(page, 'commercial');
  const dialog = page.getByRole('dialog');
  const why = async (name: RegExp, reason: RegExp): Promise<void> => {
    await page.getByRole('button', { name }).first().click();
    await expect(dialog.getByText(reason)).toBeVisible();
    await expectAccessible(page, `why, ${reason}`);
    await dialog.getByRole('button', { name: 'Fermer' }).click();
  };
  await page.goto('/opportunites');
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  await why(/^Pourquoi je vois ceci/, /Vous êtes le commercial de ce dossier/);
  await page.getByRole('main').locator('a[href^="/entreprises/"]').first().click();
  await expect(page).toHaveURL(/\/entreprises\//);
  await why(/^Pourquoi je vois ceci/, /lit toutes les entreprises/);
  await page.goto('/salles');
  await why(/^Pourquoi je vois ceci/, /une de vos localisations/);
  // The menu shows the rights of the signed-in person.
  await page.getByRole('button', { name: /^Mon compte/ }).click();
  await page.getByRole('menuitem', { name: 'Mes droits' }).click();
  await expect(dialog.getByText('Créer des opportunités')).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'my rights on a telephone');
});
