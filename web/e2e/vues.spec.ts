/** Saved views of lists: saved, shown, changed, shared, opened by default, deleted; filters as chips in one row. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, person, signIn, test } from './support/app';

test('a view is saved, shown, updated, opened by default and deleted', async ({ page }) => {
  test.setTimeout(120_000);
  const name = `Gagnées ${Date.now()}`;
  await signIn(page, 'manager');
  await page.goto('/opportunites');
  const views = page.getByRole('navigation', { name: 'Vues' });
  await expect(views.getByRole('link', { name: 'Toutes' })).toHaveAttribute('aria-current', 'true');
  const save = page.getByRole('button', { name: 'Enregistrer la vue' });
  await expect(save).toHaveCount(0);

  // A filter is a chip, chosen with the keyboard.
  await page.getByRole('button', { name: 'Filtrer' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Issue' }).press('Enter');
  const outcome = page.getByRole('combobox', { name: 'Issue' });
  await expect(outcome).toBeFocused();
  await outcome.selectOption('won');
  await expect(page).toHaveURL(/issue=won/);
  await save.click();
  const dialog = page.getByRole('dialog', { name: 'Nouvelle vue' });
  await expectAccessible(page, 'the dialog of a new view');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog.getByLabel('Nom')).toBeFocused();
  await dialog.getByLabel('Nom').fill(name);
  await dialog.getByLabel('Nom').press('Enter');
  await expectToast(page, name);
  const tab = views.getByRole('link', { name });
  await expect(tab).toHaveAttribute('aria-current', 'true');
  await expect(save).toHaveCount(0);
  await expectAccessible(page, 'a list with its views');

  // The list without it, and back by its tab: the address holds everything.
  await views.getByRole('link', { name: 'Toutes' }).click();
  await expect(outcome).toHaveCount(0);
  await tab.click();
  await expect(outcome).toHaveValue('won');
  await page.reload();
  await expect(tab).toHaveAttribute('aria-current', 'true');

  // Another filter: the view is changed, until it is updated.
  await outcome.selectOption('lost');
  await expect(tab).toHaveAccessibleName(/modifiée/);
  await page.getByRole('button', { name: 'Mettre à jour' }).click();
  await expect(tab).not.toHaveAccessibleName(/modifiée/);

  // The list opens with it, also from the menu of pages.
  const menu = async (item: string): Promise<void> => {
    await views.getByRole('button', { name: 'Vues' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await menu('Ouvrir la liste avec cette vue');
  await expectToast(page, 's’ouvre désormais avec');
  await page.goto('/opportunites');
  await expect(page).toHaveURL(/issue=lost/);
  await views.getByRole('link', { name: 'Toutes' }).click();
  await page.reload();
  await expect(views.getByRole('link', { name: 'Toutes' })).toHaveAttribute('aria-current', 'true');
  await expect(outcome).toHaveCount(0);

  // Deleted, taken back, deleted.
  await tab.click();
  await menu('Supprimer la vue');
  await expect(tab).toHaveCount(0);
  await page.getByRole('button', { name: 'Annuler' }).click();
  await expect(tab).toBeVisible();
  await menu('Supprimer la vue');
  await expect(tab).toHaveCount(0);
});

test('a view that is shared is there for the colleagues of the site, who cannot change it', async ({
  browser,
  page,
}) => {
  const name = `Équipe ${Date.now()}`;
  await signIn(page, 'manager');
  await page.goto('/entreprises?actif=');
  await page.getByRole('button', { name: 'Enregistrer la vue' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Nom').fill(name);
  await dialog.getByLabel('D’autres personnes').check();
  await expectAccessible(page, 'the dialog of a shared view');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  const views = page.getByRole('navigation', { name: 'Vues' });
  await expect(views.getByRole('link', { name })).toHaveAccessibleName(/partagée/);

  const seller = await person(browser, 'commercial');
  await seller.goto('/entreprises');
  await seller.getByRole('link', { name }).click();
  await expect(seller).toHaveURL(/actif=/);
  await seller.getByRole('button', { name: 'Vues' }).click();
  await expect(seller.getByRole('menuitem', { name: 'Ouvrir la liste avec cette vue' })).toBeVisible();
  await expect(seller.getByRole('menuitem', { name: 'Supprimer la vue' })).toHaveCount(0);
  await expectAccessible(seller, 'the menu of views');

  await views.getByRole('button', { name: 'Vues' }).click();
  await page.getByRole('menuitem', { name: 'Supprimer la vue' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Supprimer la vue' }).click();
  await expect(views.getByRole('link', { name })).toHaveCount(0);
});

test('columns are kept with a view, in their order', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/entreprises');
  const heads = page.getByRole('columnheader');
  // The boxes of the selection stand first, the names second.
  await expect(heads.nth(2)).toHaveText('SIRET');
  await page.getByRole('button', { name: 'Colonnes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Colonnes' });
  await dialog.getByRole('button', { name: 'Placer « SIRET » plus tard' }).click();
  await expectAccessible(page, 'the choice of columns');
  await dialog.getByRole('button', { name: 'Terminé' }).click();
  await expect(heads.nth(3)).toHaveText('SIRET');
  await page.reload();
  await expect(heads.nth(3)).toHaveText('SIRET');
});

test('filters fit one row on a small screen, and nothing scrolls sideways', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/opportunites?etape=devis&issue=open&type=intra-entreprise&retard=1&attente=me');
  const bar = page.locator('afpi-filter-bar');
  for (const width of [1440, 1024, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect(bar.getByRole('combobox')).toHaveCount(3);
    await expectNoSideways(page, `filters at ${width}`);
    await expectAccessible(page, `filters at ${width}`);
    const height = (await bar.boundingBox())?.height ?? 0;
    if (width > 640) expect(height).toBeLessThan(60);
  }
});
