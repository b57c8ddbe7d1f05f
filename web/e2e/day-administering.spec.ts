/** The day of an administrator: what the installation wants, a plugin switched, and both in the journal. */
import { expect } from '@playwright/test';
import { signIn, test } from './support/app';
import { switchAt } from './support/plugin-page';

test('the day of an administrator', async ({ page }) => {
  await signIn(page, 'admin');
  // Home names what the installation wants and leads to it.
  const watch = page.getByRole('region', { name: 'Installation' });
  await expect(watch.getByRole('link').first()).toBeVisible();
  await watch.getByRole('link', { name: /sans double facteur/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page).not.toHaveURL(/\/$/);

  const menu = page.getByRole('navigation').first();
  await menu.getByRole('link', { name: 'Extensions' }).click();
  await page.getByRole('main').getByRole('link', { name: 'Notifications AFPI' }).click();
  await switchAt(page, 'AFPI Paris', false);
  await switchAt(page, 'AFPI Paris', true);

  // The journal has both acts, newest first, with who did them.
  await menu.getByRole('link', { name: 'Journal' }).click();
  const rows = page.getByRole('table', { name: 'Journal' }).getByRole('row');
  for (const at of [1, 2]) {
    await expect(rows.nth(at)).toContainText('Administrateur Démo');
    await expect(rows.nth(at)).toContainText('Paris');
  }

  // What the program does by itself stands under the queues that it works on.
  await menu.getByRole('link', { name: 'Traitements' }).click();
  await expect(page.getByRole('heading', { name: 'mail', exact: true })).toBeVisible();
  await expect(
    page
      .getByRole('main')
      .getByText(/Terminé/)
      .first(),
  ).toBeVisible();
});
