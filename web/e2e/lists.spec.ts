/** Lists that people work in: rows chosen with mouse and keys, done with together, and taken back. */
import { readFileSync } from 'node:fs';
import { Locator, Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, person, signIn, test } from './support/app';

const bar = (page: Page) => page.getByRole('region', { name: 'Sélection' });

test('opportunités are chosen with the keyboard, assigned together, and taken back', async ({ page }) => {
  test.setTimeout(120_000);
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
  await expect(who.getByRole('option').nth(1)).toBeAttached();
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
  test.setTimeout(120_000);
  const tag = `Lot ${Date.now()}`;
  // Somebody who may change every company that the list shows.
  await signIn(page, 'admin');
  await page.goto('/entreprises');
  const rows = page.locator('tr[data-row]');
  for (const at of [0, 1, 2]) await rows.nth(at).getByRole('checkbox').click();
  const link = rows.nth(1).locator('.main a');
  const name = await link.innerText();

  // Meanwhile somebody else saves the second one.
  const other = await person(browser, 'admin');
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
  test.setTimeout(180_000);
  // An administrator may change them all.
  await signIn(page, 'admin');
  await page.goto('/entreprises?type=pme');
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
  // Each record is a request of its own.
  const said = (text: string): Locator => page.getByRole('status').filter({ hasText: text }).first();
  await expect(said(`${total} entreprises étiquetées`)).toBeVisible({ timeout: 60_000 });
  await page
    .getByRole('status')
    .getByRole('button', { name: /Annuler/ })
    .click();
  await expect(said(`${total} éléments comme avant`)).toBeVisible({ timeout: 60_000 });
});

for (const path of ['/opportunites', '/entreprises']) {
  test(`chosen rows of ${path} have their place on every screen`, async ({ page }) => {
    test.setTimeout(240_000);
    await signIn(page, 'manager');
    await page.goto(path);
    await page.locator('td.pick').first().getByRole('checkbox').click();
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await expect(bar(page)).toBeInViewport();
      await expectNoSideways(page, `${path} with chosen rows at ${width}`);
      await expectAccessible(page, `${path} with chosen rows at ${width}`);
    }
  });
}

test('a row is shown beside the list, moved, walked through with keys, and its page leads on', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'manager');
  await page.goto('/opportunites?issue=open');
  const rows = page.locator('tr[data-row]');
  const titles = rows.locator('.main > a');
  await expect(titles.nth(2)).toBeVisible();
  const [first, second, third] = await titles.allInnerTexts();
  const peek = page.getByRole('region', { name: /^Aperçu/ });
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  await expect(peek).toHaveAccessibleName(`Aperçu de ${first ?? ''}`);
  await expect(peek.getByText('Commercial', { exact: true })).toBeVisible();
  await page.keyboard.press('j');
  await expect(titles.nth(1)).toBeFocused();
  await expect(peek.getByRole('heading')).toHaveText(second ?? '');
  await expectAccessible(page, 'a row beside its list');
  for (const width of [1024, 390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expect(peek).toBeInViewport();
    await expectNoSideways(page, `a row beside its list at ${width}`);
    await expectAccessible(page, `a row beside its list at ${width}`);
  }

  // Escape closes it; the chosen rows stay until the next one.
  await page.keyboard.press('x');
  await page.keyboard.press('Escape');
  await expect(peek).toHaveCount(0);
  await expect(bar(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(bar(page)).toHaveCount(0);

  // Its page follows the list, and leads back to it as it was.
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText(second ?? '');
  await page.keyboard.press('j');
  await expect(heading).toHaveText(third ?? '');
  await page.getByRole('button', { name: 'Précédent' }).click();
  await expect(heading).toHaveText(second ?? '');
  await page.keyboard.press('k');
  await expect(heading).toHaveText(first ?? '');
  await expect(page.getByRole('button', { name: 'Précédent' })).toBeDisabled();
  await expectAccessible(page, 'a record with its list around it');
  await page.getByTitle('Retour à la liste').click();
  await expect(page).toHaveURL(/issue=open/);
});

test('a company is shown beside the list with the mouse, and the next ones from there', async ({ page }) => {
  await signIn(page, 'commercial');
  await page.goto('/entreprises');
  const rows = page.locator('tr[data-row]');
  const titles = rows.locator('.main > a');
  await expect(titles.nth(1)).toBeVisible();
  const [first, second] = await titles.allInnerTexts();
  await rows.nth(0).hover();
  await rows
    .nth(0)
    .getByRole('button', { name: `Aperçu de ${first ?? ''}` })
    .click();
  const peek = page.getByRole('region', { name: /^Aperçu/ });
  await expect(peek.getByRole('heading', { name: 'Contacts' })).toBeVisible();
  await peek.getByRole('button', { name: 'Suivant' }).click();
  await expect(peek.getByRole('heading', { level: 2 })).toHaveText(second ?? '');
  await peek.getByRole('link', { name: 'Ouvrir la page' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(second ?? '');
});

test('cells are edited where they stand, with the keys of a spreadsheet, and taken back', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'admin');
  await page.goto('/entreprises');
  const rows = page.locator('tr[data-row]');
  const town = `Compiègne ${Date.now() % 100_000}`;
  const city = (at: number) => rows.nth(at).locator('[data-edit="address.city"]');
  const former = await city(0).innerText();
  const below = await city(1).innerText();
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowRight');
  await expect(rows.nth(0).locator('[data-edit="siret"]')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(city(0)).toBeFocused();
  await page.keyboard.press('F2');
  const box = page.getByRole('textbox', { name: 'Ville' });
  await expect(box).toBeFocused();
  await expectAccessible(page, 'a cell that is edited');
  await box.fill(town);
  await page.keyboard.press('Enter');
  await expect(city(0)).toHaveText(town);
  await expect(city(1)).toBeFocused();
  await expectToast(page, 'Modifications enregistrées');

  // Escape gives up; Tab saves nothing that did not change, and goes on.
  await page.keyboard.press('Enter');
  await box.fill('Nulle part');
  await page.keyboard.press('Escape');
  await expect(city(1)).toHaveText(below);
  await page.keyboard.press('F2');
  await page.keyboard.press('Tab');
  await expect(rows.nth(1).locator('[data-edit="kind"]')).toBeFocused();

  await page.getByRole('status').getByRole('button', { name: 'Annuler' }).click();
  await expect(city(0)).toHaveText(former);

  // What the server refuses is told at the cell, and the list has the old value.
  const siret = rows.nth(2).locator('[data-edit="siret"]');
  const number = await siret.innerText();
  await siret.dblclick();
  const digits = page.getByRole('textbox', { name: 'SIRET' });
  await digits.fill('123');
  await page.keyboard.press('Enter');
  await expect(rows.nth(2).getByRole('alert')).not.toBeEmpty();
  await expect(digits).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Escape');
  await expect(siret).toHaveText(number);
});

test('a cell that somebody else has saved meanwhile says so, and the next Enter goes over it', async ({
  browser,
  page,
}) => {
  test.setTimeout(120_000);
  await signIn(page, 'manager');
  await page.goto('/opportunites?issue=open');
  const row = page.locator('tr[data-row]').nth(0);
  const link = row.locator('.main > a');
  await expect(link).toBeVisible();
  const [path, former] = [(await link.getAttribute('href')) ?? '', await link.innerText()];

  const other = await person(browser, 'manager');
  await other.goto(path);
  await other.getByRole('button', { name: 'Modifier l’opportunité' }).click();
  await other.getByLabel('Intitulé').fill(`${former} (autre)`);
  await other.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expectToast(other, 'Modifications enregistrées');

  await page.keyboard.press('j');
  await page.keyboard.press('F2');
  const box = page.getByRole('textbox', { name: 'Intitulé' });
  await box.fill(`${former} (moi)`);
  await page.keyboard.press('Enter');
  await expect(row.getByRole('alert')).toContainText('Quelqu’un d’autre');
  await expect(link).toHaveText(`${former} (autre)`);
  await box.press('Enter');
  await expect(link).toHaveText(`${former} (moi)`);
  await page.getByRole('status').getByRole('button', { name: 'Annuler' }).click();
  await expect(link).toHaveText(`${former} (autre)`);
});

test('opportunités are grouped, with the sums of what is shown, and the keys follow the groups', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'manager');
  await page.goto('/opportunites');
  await page.getByRole('combobox', { name: 'Grouper par' }).selectOption({ label: 'Par commercial' });
  await expect(page).toHaveURL(/groupe=commercial/);
  const groups = page.getByRole('rowheader');
  await expect(groups.nth(1)).toBeVisible();
  const rows = page.locator('tr[data-row]');
  const counts = await groups.locator('.badge').allInnerTexts();
  expect(counts.reduce((sum, n) => sum + Number(n), 0)).toBe(await rows.count());
  // The last row of the first group, then the first of the second one.
  const last = Number(counts[0]);
  await rows
    .nth(last - 1)
    .getByRole('checkbox')
    .click();
  await rows
    .nth(last)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await expect(bar(page)).toContainText('2 choisis');
  await expect(page.locator('.table-foot')).toContainText(/€ HT pour \d+ affichées/);
  for (const width of [1440, 1024, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoSideways(page, `groups at ${width}`);
    await expectAccessible(page, `groups at ${width}`);
  }
});

test('the palette narrows to actions, people and numbers, Alt shows keys, and ? lists them', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'manager');
  await page.goto('/opportunites?issue=open');
  await expect(page.locator('tr[data-row]').first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('Écrire une note').first()).toBeVisible();
  const options = page.getByRole('option');
  await page.keyboard.press('Control+k');
  const ask = page.getByRole('combobox', { name: 'Rechercher' });
  await ask.fill('>modifier l’opp');
  await expect(options.first()).toContainText('Modifier l’opportunité');
  await ask.press('Enter');
  await expect(page.getByRole('dialog').getByLabel('Intitulé')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+k');
  await ask.fill('@demo');
  await expect(page.getByRole('listbox').getByRole('group', { name: 'Utilisateurs' })).toBeVisible();
  await expect(page.getByRole('listbox').getByRole('group', { name: 'Opportunités' })).toHaveCount(0);
  await ask.fill('#OPP-2026');
  await expect(page.getByRole('listbox').getByRole('group', { name: 'Opportunités' })).toBeVisible();
  await expect(options.filter({ hasText: 'Page' })).toHaveCount(0);
  await page.keyboard.press('Escape');

  const key = (): Promise<string> =>
    page
      .getByRole('button', { name: 'Raccourcis clavier' })
      .evaluate((button) => getComputedStyle(button, '::after').content);
  await page.keyboard.down('Alt');
  expect(await key()).toContain('?');
  await page.keyboard.up('Alt');
  expect(await key()).toBe('none');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Raccourcis clavier' });
  await expect(sheet.getByRole('heading', { name: 'Dans une liste' })).toBeVisible();
  await expectAccessible(page, 'the sheet of keys');
});
