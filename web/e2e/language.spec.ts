/** Users switch between French and English at run time, and the browser remembers the language. */
import { expect } from '@playwright/test';
import { expectAccessible, signIn, test } from './support/app';

test('the language changes without a reload and is remembered', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/opportunites');
  await page.getByRole('button', { name: /^Mon compte/ }).click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Opportunities' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page).toHaveTitle(/Opportunities/);
  await expect(page.getByText(/€\d/).first()).toBeVisible();
  await expectAccessible(page, 'list in English');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Opportunities' })).toBeVisible();
});
