/** Lists exported as files, with the displayed filters. Only users with the right can export. */
import { readFileSync } from 'node:fs';
import { Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, person, signIn, test } from './support/app';

test('a list is taken away as it is filtered', async ({ page }) => {
  await signIn(page, 'responsable');
  await page.goto('/opportunites?etape=devis');
  const shown = Number((await page.getByLabel(/résultats$/).textContent())?.trim());
  expect(shown).toBeGreaterThan(0);
  await expectAccessible(page, 'opportunités with an export');
  const rows = await exported(page, 'opportunites');
  expect(rows[0]?.startsWith('\ufeffNuméro;Intitulé;')).toBe(true);
  expect(rows).toHaveLength(shown + 1);
  expect(rows.slice(1).every((row) => row.includes(';Devis;'))).toBe(true);
  await expect(page.getByText('Fichier enregistré')).toBeVisible();

  await page.goto('/entreprises');
  await expect(page.getByLabel(/résultats$/)).toBeVisible();
  expect((await exported(page, 'entreprises')).length).toBeGreaterThan(150);
  const book = await taken(page, 'entreprises', 'XLSX', 'xlsx');
  expect(book.subarray(0, 2).toString()).toBe('PK');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'companies with an export');
});

test('billing takes away its own section, a sales rep nothing', async ({ browser, page }) => {
  await signIn(page, 'facturation');
  await page.goto('/opportunites');
  const rows = await exported(page, 'opportunites');
  expect(rows.slice(1).every((row) => row.includes(';Facturation;'))).toBe(true);
  await page.goto('/entreprises');
  await expect(page.getByRole('heading', { level: 1, name: 'Entreprises' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Exporter' })).toHaveCount(0);

  const other = await person(browser, 'commercial');
  await other.goto('/opportunites');
  await expect(other.getByRole('link', { name: 'Nouvelle opportunité' })).toBeVisible();
  await expect(other.getByRole('button', { name: 'Exporter' })).toHaveCount(0);
});

/** Exports the page's list as CSV. Returns the lines of the file. */
async function exported(page: Page, name: string): Promise<string[]> {
  return (await taken(page, name, 'CSV', 'csv')).toString('utf8').trimEnd().split('\r\n');
}

/** Exports the page's list in this format. Returns the file. */
async function taken(page: Page, name: string, choice: string, extension: string): Promise<Buffer> {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Exporter' }).click();
  await page.getByRole('menuitem', { name: choice }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(new RegExp(`^${name}-\\d{4}-\\d\\d-\\d\\d\\.${extension}$`));
  return readFileSync(await download.path());
}
