/** Roles and rights: the matrix, given and taken by an administrator, in force at once. */
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
  // What a role cannot be given has no box, and the administrator keeps everything.
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
