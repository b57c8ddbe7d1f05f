/** The keyboard alone is enough for the search, the palette, the tabs and moving a card. */
import { expect } from '@playwright/test';
import { expectAccessible, signIn, test } from './support/app';
import { createOpportunite, fillCollecte } from './support/chain';

test('the palette finds records, pages and actions', async ({ page }) => {
  await signIn(page, 'responsable');
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Rechercher' });
  await expect(field).toBeFocused();
  await field.fill('OPP-');
  await expect(page.getByRole('option').filter({ hasText: 'OPP-' }).first()).toBeVisible();
  await expectAccessible(page, 'palette');
  await field.fill('>pilot');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Pilotage' })).toBeVisible();
});

test('the palette groups what it finds, marks what matches and forgives a typing error', async ({ page }) => {
  await signIn(page, 'commercial');
  const word = `Zirconium ${Date.now()}`;
  await createOpportunite(page, word);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Rechercher' }).fill(word.replace('Zirconium', 'zircnoium'));
  const group = page.getByRole('group', { name: 'Opportunités' });
  const hit = group.getByRole('option').filter({ hasText: word });
  await expect(hit).toBeVisible();
  await expect(hit.locator('mark').first()).toHaveText('Zirconium');
  await expectAccessible(page, 'palette with hits');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: word })).toBeVisible();
});

test('slash focuses the search, n begins an opportunité, typing stays typing', async ({ page }) => {
  await signIn(page, 'commercial');
  await page.keyboard.press('/');
  await expect(page.getByRole('textbox', { name: 'Rechercher' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.locator('main').focus();
  await page.keyboard.press('n');
  await expect(page.getByRole('heading', { level: 1, name: 'Nouvelle opportunité' })).toBeVisible();
  await page.getByLabel('Intitulé').pressSequentially('n/n?');
  await expect(page.getByLabel('Intitulé')).toHaveValue('n/n?');
});

test('the steps are tabs under the arrow keys', async ({ page }) => {
  await signIn(page, 'commercial');
  await createOpportunite(page, `Clavier ${Date.now()}`);
  const tabs = page.getByRole('tab');
  await tabs.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(tabs.nth(1)).toBeFocused();
  await expect(tabs.nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('End');
  await expect(tabs.last()).toBeFocused();
});

for (const path of ['/notifications', '/connecteurs/ypareo', '/plugins/workflow-afpi']) {
  test(`the tabs of ${path} are one stop of the Tab key`, async ({ page }) => {
    await signIn(page, 'admin');
    await page.goto(path);
    const tabs = page.getByRole('tablist').getByRole('tab');
    await expect(tabs.first()).toHaveAttribute('aria-selected', 'true');
    await tabs.first().focus();
    await page.keyboard.press('ArrowRight');
    await expect(tabs.nth(1)).toBeFocused();
    await expect(tabs.nth(1)).toHaveAttribute('aria-selected', 'true');
    const chosen = (await tabs.nth(1).getAttribute('id')) ?? '';
    await expect(page.getByRole('tabpanel')).toHaveAttribute('aria-labelledby', chosen);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await expect(tabs.nth(1)).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('tablist').locator(':focus')).toHaveCount(0);
    await tabs.nth(1).focus();
    await page.keyboard.press('Home');
    await expect(tabs.first()).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    await expect(tabs.last()).toHaveAttribute('aria-selected', 'true');
    await expectAccessible(page, `tabs of ${path}`);
  });
}

test('a card is moved from its menu', async ({ page }) => {
  const title = `Carte ${Date.now()}`;
  await signIn(page, 'commercial');
  await createOpportunite(page, title);
  await fillCollecte(page);
  await page.goto(`/opportunites/tableau?q=${encodeURIComponent(title)}`);
  const mover = page.getByRole('button', { name: `Déplacer « ${title} » vers…` });
  await mover.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Déplacer vers…' });
  await expect(dialog).toBeVisible();
  await expectAccessible(page, 'move dialog');
  await dialog.getByRole('button', { name: 'Soumettre pour validation' }).focus();
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('group', { name: 'Tableau' }).getByText('En attente de validation', { exact: true }),
  ).toBeVisible();
});

test('unsaved work is not lost by a click', async ({ page }) => {
  await signIn(page, 'commercial');
  await createOpportunite(page, `Brouillon ${Date.now()}`);
  await page.getByLabel('Remarques').fill('à moitié');
  await page.getByRole('link', { name: 'Entreprises', exact: true }).click();
  const question = page.getByRole('alertdialog');
  await expect(question).toBeVisible();
  await expectAccessible(page, 'unsaved question');
  await question.getByRole('button', { name: 'Annuler' }).click();
  await expect(page.getByLabel('Remarques')).toHaveValue('à moitié');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Modifications non enregistrées')).toHaveCount(0);
});

test('the sidebar folds and unfolds by the keyboard, and stays as it was left', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await signIn(page, 'manager');
  const sidebar = page.locator('afpi-sidebar');
  const width = async (): Promise<number> => (await sidebar.boundingBox())?.width ?? 0;
  const link = sidebar.getByRole('link', { name: 'Entreprises' });
  const wide = await width();
  await sidebar.getByRole('link').last().focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Replier le menu' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(width).toBeLessThan(wide / 2);
  await expect(page.getByRole('button', { name: 'Déplier le menu' })).toBeFocused();
  await expectAccessible(page, 'a folded sidebar');
  await page.reload();
  await expect(link).toBeVisible();
  expect(await width()).toBeLessThan(wide / 2);
  await page.getByRole('button', { name: 'Déplier le menu' }).press('Enter');
  await expect.poll(width).toBe(wide);
});
