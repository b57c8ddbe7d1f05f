/** Every list of records lets people choose its columns, their order and their widths, and the room of its rows. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, signIn, test } from './support/app';

/** Lists, with a column that is not shown at first. */
const LISTS = [
  ['/sessions', 'Demi-journées'],
  ['/stagiaires', 'Téléphone'],
  ['/formateurs', 'E-mail'],
  ['/catalogue', 'Modalité'],
  ['/salles', null],
  ['/utilisateurs', null],
  ['/facturation', 'TVA (€)'],
] as const;

for (const [path, further] of LISTS) {
  test(`the columns of ${path} are chosen, and stay`, async ({ page }) => {
    test.setTimeout(120_000);
    await signIn(page, 'admin');
    await page.goto(path);
    const heads = page.getByRole('columnheader');
    await page.getByRole('button', { name: 'Colonnes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Colonnes' });
    const first = (await dialog.locator('li:not(.off) label').first().innerText()).trim();
    const second = (await dialog.locator('li:not(.off) label').nth(1).innerText()).trim();
    await dialog.getByRole('checkbox', { name: first, exact: true }).uncheck();
    if (further) await dialog.getByRole('checkbox', { name: further, exact: true }).check();
    await dialog.getByLabel(`Largeur de « ${second} »`).selectOption('Large');
    await dialog.getByRole('button', { name: `Placer « ${second} » plus tard` }).click();
    await dialog.getByRole('button', { name: 'Terminé' }).click();
    const check = async (): Promise<void> => {
      await expect(heads.filter({ hasText: second })).toHaveCSS('min-width', '280px');
      await expect(heads.getByText(first, { exact: true })).toHaveCount(0);
      if (further) await expect(heads.getByText(further, { exact: true })).toBeVisible();
      // As many cells as there are heads.
      const row = page.locator('tbody tr').first();
      await expect(row.getByRole('cell')).toHaveCount(await heads.count());
    };
    await check();
    await page.reload();
    await check();
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoSideways(page, `${path} at ${width}`);
    }
    await expectAccessible(page, path);
  });
}

test('compact rows are chosen with the columns or on the page of one’s account, for all lists', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/sessions');
  const row = page.locator('tbody tr').first();
  const height = async (): Promise<number> => (await row.boundingBox())?.height ?? 0;
  await expect(row).toBeVisible();
  const comfortable = await height();
  await page.getByRole('button', { name: 'Colonnes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Colonnes' });
  const compact = (where: typeof dialog | typeof page) => where.getByRole('button', { name: 'Compactes' });
  await compact(dialog).click();
  await expect(compact(dialog)).toHaveAttribute('aria-pressed', 'true');
  await expectAccessible(page, 'the choice of columns and rows');
  await dialog.getByRole('button', { name: 'Terminé' }).click();
  await expect.poll(height).toBeLessThan(comfortable);
  await page.goto('/compte');
  await expect(compact(page)).toHaveAttribute('aria-pressed', 'true');
  const display = page.getByRole('region', { name: 'Affichage' });
  await display.getByRole('button', { name: 'Sombre' }).click();
  await expect(page.locator('html')).toHaveClass(/dark/);
  await expectAccessible(page, 'the account in dark');
  await display.getByRole('button', { name: 'Aérées' }).click();
  await page.goto('/sessions');
  await expect.poll(height).toBe(comfortable);
});
