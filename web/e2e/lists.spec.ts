/** Lists that people work in: rows chosen with mouse and keys, done with together, and taken back. */
import { readFileSync } from 'node:fs';
import { Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, person, signIn, test } from './support/app';

const bar = (page: Page) => page.getByRole('region', { name: 'Sélection' });

test('opportunités are chosen with the keyboard, assigned together, and taken back', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/opportunites');
  const rows = page.locator('tr[data-row]');
  await expect(rows.nth(4)).toBeVisible();
  await page.keyboard.press('j');
  await expect(rows.nth(0).getByRole('link').first()).toBeFocused();
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+X');
  await expect(bar(page)).toContainText('3 choisis');
  await expectAccessible(page, 'a list with chosen rows');
  await page.keyboard.press('Escape');
  await expect(bar(page)).toHaveCount(0);

  // A range with the mouse.
  await rows.nth(1).getByRole('checkbox').click();
  await rows
    .nth(3)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  const owners = rows.locator('[data-label="Commercial"]');
  const before = await owners.allInnerTexts();
  await bar(page).getByRole('button', { name: 'Attribuer' }).click();
  const dialog = page.getByRole('dialog', { name: 'Attribuer' });
  await expectAccessible(page, 'the dialog of an act on chosen rows');
  const who = dialog.getByRole('combobox', { name: 'Commercial' });
  const names = await who.getByRole('option').allInnerTexts();
  const other = names.slice(1).find((name) => !before.slice(1, 4).some((text) => text.includes(name)));
  await who.selectOption({ label: other ?? '' });
  await dialog.getByRole('button', { name: 'Attribuer 3 opportunités' }).click();
  await expect(dialog).toHaveCount(0);
  await expectToast(page, '3 opportunités attribuées');
  for (const at of [1, 2, 3]) await expect(owners.nth(at)).toContainText(other ?? '');
  await page
    .getByRole('status')
    .getByRole('button', { name: /Annuler/ })
    .click();
  await expectToast(page, '3 éléments comme avant');
  expect(await owners.allInnerTexts()).toEqual(before);

  // The file has the chosen lines only.
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    bar(page).getByRole('button', { name: 'Exporter' }).click(),
  ]);
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toHaveLength(4);
  await page.keyboard.press('Escape');
  await expect(bar(page)).toHaveCount(0);
});

test('moves are those that the chosen files allow', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/opportunites');
  await page.getByRole('checkbox', { name: 'Choisir tout ce qui est affiché' }).click();
  await bar(page).getByRole('button', { name: 'Avancer' }).click();
  const dialog = page.getByRole('dialog', { name: 'Avancer' });
  await expect(dialog.getByText(/sans rien saisir/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Annuler' }).click();
  await expect(dialog).toHaveCount(0);
});

test('a refused company is named, tried again, and the whole act is taken back', async ({ browser, page }) => {
  const tag = `Lot ${Date.now()}`;
  await signIn(page, 'manager');
  await page.goto('/entreprises');
  const rows = page.locator('tr[data-row]');
  for (const at of [0, 1, 2]) await rows.nth(at).getByRole('checkbox').click();
  const link = rows.nth(1).locator('.main a');
  const name = await link.innerText();

  // Meanwhile somebody else saves the second one.
  const other = await person(browser, 'manager');
  await other.goto(`${(await link.getAttribute('href')) ?? ''}/modifier`);
  await other.getByLabel('Effectif').fill(String(10 + Math.floor(Math.random() * 9000)));
  await other.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expectToast(other, 'Modifications enregistrées');

  await bar(page).getByRole('button', { name: 'Étiqueter' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Étiquette').fill(tag);
  await dialog.getByRole('button', { name: 'Étiqueter 3 entreprises' }).press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('1 refus');
  await expect(dialog.getByRole('alert')).toContainText(name);
  await expectAccessible(page, 'an act with a refusal');
  await expect(rows.filter({ hasText: tag })).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Réessayer' }).click();
  await expectToast(page, '3 entreprises étiquetées');
  await expect(rows.filter({ hasText: tag })).toHaveCount(3);
  await page
    .getByRole('status')
    .getByRole('button', { name: /Annuler/ })
    .click();
  await expectToast(page, '3 éléments comme avant');
  await expect(rows.filter({ hasText: tag })).toHaveCount(0);
});

test('all results are more than the rows shown, and their number is said before anything happens', async ({ page }) => {
  const tag = `Tout ${Date.now()}`;
  test.setTimeout(120_000);
  await signIn(page, 'manager');
  await page.goto('/entreprises');
  await page.getByRole('checkbox', { name: 'Choisir tout ce qui est affiché' }).click();
  await expect(bar(page)).toContainText('50 choisis');
  const take = bar(page).getByRole('button', { name: /Choisir les \d+ résultats/ });
  const total = Number(/\d+/.exec(await take.innerText())?.[0]);
  expect(total).toBeGreaterThan(50);
  await take.click();
  await expect(bar(page)).toContainText(`Les ${total} résultats`);
  await bar(page).getByRole('button', { name: 'Étiqueter' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Étiquette').fill(tag);
  await dialog.getByRole('button', { name: `Étiqueter ${total} entreprises` }).click();
  await expectToast(page, `${total} entreprises étiquetées`);
  await page
    .getByRole('status')
    .getByRole('button', { name: /Annuler/ })
    .click();
  await expectToast(page, `${total} éléments comme avant`);
});

test('chosen rows have their place on every screen', async ({ page }) => {
  await signIn(page, 'manager');
  for (const path of ['/opportunites', '/entreprises']) {
    await page.goto(path);
    await page.locator('td.pick').first().getByRole('checkbox').click();
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await expect(bar(page)).toBeInViewport();
      await expectNoSideways(page, `${path} with chosen rows at ${width}`);
      await expectAccessible(page, `${path} with chosen rows at ${width}`);
    }
  }
});
