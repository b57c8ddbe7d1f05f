/** The journal: its first line is the last act, and its filters are in the address. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, signIn, test } from './support/app';

test('what was done stands in the journal with who, what and from what to what', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/journal?acte=signed_in');
  const rows = page.getByRole('table', { name: 'Journal' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('Connexion');
  await expect(rows.nth(1)).toContainText('Utilisateur');
  await expect(rows.nth(1)).toContainText('→');
  await expectAccessible(page, 'the journal');

  // The filters show the moves of opportunités. Each line has a link to its record.
  await page.getByRole('combobox', { name: 'Acte' }).selectOption('moved');
  await page.getByRole('button', { name: 'Filtrer' }).click();
  await page.getByRole('menuitem', { name: 'Sujet' }).click();
  await page.getByRole('combobox', { name: 'Sujet' }).selectOption('opportunite');
  await expect(page).toHaveURL(/sujet=opportunite/);
  await expect(rows.nth(1)).toContainText('Transition');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'the journal');
  await expectAccessible(page, 'the journal on a telephone');
  await rows.nth(1).getByRole('link').first().click();
  await expect(page).toHaveURL(/\/opportunites\/[0-9a-f-]+/);

  await page.goto('/journal?du=2001-01-01&au=2001-01-01');
  await expect(page.getByText('Aucune ligne ne correspond à ces filtres.')).toBeVisible();
  await page.getByRole('button', { name: 'Effacer les filtres' }).click();
  await expect(rows.nth(1)).toBeVisible();
});

test('the journal says that it cannot be read, and is read again', async ({ page }) => {
  await signIn(page, 'admin');
  const problem = { type: 'about:blank', title: 'Journal illisible', status: 409, code: 'conflict' };
  await page.route('**/api/journal?*', (route) =>
    route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  await page.goto('/journal');
  await expect(page.getByRole('button', { name: 'Réessayer' })).toBeVisible();
  await page.unroute('**/api/journal?*');
  await page.getByRole('button', { name: 'Réessayer' }).click();
  await expect(page.getByRole('table', { name: 'Journal' })).toBeVisible();
});

test('the journal says the words of a record, as its list does', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/journal?sujet=session&acte=edited');
  const rows = page.getByRole('table', { name: 'Journal' }).getByRole('row');
  await expect(rows.filter({ hasText: 'Statut' }).first()).toContainText(/(Prévue|Confirmée|Réalisée|Annulée)/);
  await expect(rows.filter({ hasText: /prevue|confirmee|realisee|annulee/ })).toHaveCount(0);
});
