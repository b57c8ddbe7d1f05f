/** The figures: a share leads to as many opportunités as it tells, sessions at risk to themselves, all of it to paper. */
import { Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, person, signIn, test } from './support/app';
import { createOpportunite } from './support/chain';
import { tryMove } from './support/plugin-page';

/** The opportunités that the list counts. */
async function counted(page: Page): Promise<number> {
  const answer = await page.waitForResponse((response) => response.url().includes('/api/opportunites?'));
  return ((await answer.json()) as { meta: { total: number } }).meta.total;
}

test('a file says where it comes from and why it is lost, and the figures lead back to it', async ({ browser }) => {
  const commercial = await person(browser, 'commercial');
  const title = `Perdue ${Date.now()}`;
  const path = await createOpportunite(commercial, title);
  await commercial.getByRole('button', { name: 'Modifier l’opportunité' }).click();
  const edit = commercial.getByRole('dialog', { name: 'Modifier l’opportunité' });
  await edit.getByLabel('Source').selectOption({ label: 'Salon ou événement' });
  await edit.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(edit).toBeHidden();
  await expect(await tryMove(commercial, 'Annuler le dossier', 'Le client renonce.')).toBeHidden();
  const facts = commercial.getByRole('region', { name: 'En bref' });
  await expect(facts).toContainText('Salon ou événement');
  await expect(facts).toContainText('Projet abandonné');
  await expect(facts).toContainText('Le client renonce.');

  await commercial.goto('/pilotage?vue=analyse');
  for (const [region, part, address] of [
    ['Raisons de perte', 'Projet abandonné', /issue=lost.*perte=besoin/],
    ['Sources', 'Salon ou événement', /source=salon/],
  ] as const) {
    const share = commercial.getByRole('region', { name: region }).getByRole('link', { name: part });
    const told = Number(await share.locator('b').innerText());
    expect(told).toBeGreaterThan(0);
    const [found] = await Promise.all([counted(commercial), share.click()]);
    expect(found, `${region}: ${part}`).toBe(told);
    await expect(commercial).toHaveURL(address);
    await expect(commercial.getByRole('link', { name: title })).toBeVisible();
    await commercial.goBack();
  }
  expect(path).toContain('/opportunites/');
});

test('the figures fit a phone, know semesters and school years, and go on paper', async ({ page }) => {
  await signIn(page, 'responsable');
  await page.goto('/pilotage?vue=rapport');
  await expect(page.getByRole('region', { name: 'Sessions à risque' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Par site' })).toBeVisible();
  await expectAccessible(page, 'the report');
  for (const [name, address] of [
    ['Semestre', /periode=\d{4}-S[12]/],
    ['Année scolaire', /periode=\d{4}-\d{4}/],
  ] as const) {
    await page.getByRole('button', { name, exact: true }).click();
    await expect(page).toHaveURL(address);
    await expect(page.getByRole('region', { name: 'Par commercial' })).toBeVisible();
  }
  await page.getByRole('button', { name: 'Un an avant' }).click();
  await expect(page).toHaveURL(/contre=an/);

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByRole('navigation')).toHaveCount(0);
  await expect(page.getByRole('tab')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Imprimer' })).toHaveCount(0);
  await expect(page.getByText(/ · au \d\d\/\d\d\/\d{4}$/)).toBeVisible();
  expect(
    await page.evaluate(() => getComputedStyle(document.querySelector('.card') ?? document.body).backgroundColor),
  ).toBe('rgb(255, 255, 255)');
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'the report');

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'Exporter' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /XLSX|tableur/i }).click();
  expect((await download).suggestedFilename()).toMatch(/^pilotage-.*\.xlsx$/);
});
