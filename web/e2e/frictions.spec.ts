/** Small things felt every hour: toasts, days off, names that say nothing, tables that fit. */
import { Locator, Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, person, signIn, test } from './support/app';
import { createOpportunite } from './support/chain';

/** Those with a table. */
const PAGES = [
  '/opportunites', '/entreprises', '/formateurs', '/utilisateurs', '/connecteurs/ypareo', '/plugins/workflow-afpi', '/plugins/workflow-afpi?vue=sante',
  '/plugins/workflow-afpi?vue=versions', '/plugins/cles', '/traitements', '/pilotage',
];

const toasts = (page: Page): Locator => page.locator('afpi-toasts .toast');

for (const size of [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, { width: 390, height: 844 }]) {
  test(`a toast comes alone, covers nothing and leads back, at ${size.width} px`, async ({ page }) => {
    await page.setViewportSize(size);
    await signIn(page, 'admin');
    await page.goto('/traitements');
    const pause = page.getByRole('button', { name: /^Mettre en pause la file/ }).first();
    const name = (await pause.getAttribute('aria-label')) ?? '';
    await pause.click();
    await expect(toasts(page)).toHaveText(/File en pause/);
    const [above, toast] = await Promise.all([page.locator('main').boundingBox(), toasts(page).boundingBox()]);
    expect((above?.y ?? 0) + (above?.height ?? Infinity), 'the page ends where the toast begins').toBeLessThanOrEqual((toast?.y ?? 0) + 1);
    await expectAccessible(page, 'a toast');

    // By keyboard: the way back is a button like any other.
    await toasts(page).getByRole('button', { name: 'Annuler' }).press('Enter');
    await expect(toasts(page)).toHaveText(/File reprise/);
    await expect(toasts(page)).toHaveCount(1);
    await expect(page.getByRole('button', { name, exact: true })).toBeVisible();
  });
}

test('the planning of a trainer shades week-ends and holidays', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/formateurs');
  await page.getByRole('table').getByRole('link').first().click();
  const planning = page.getByRole('region', { name: 'Planning' });
  for (let month = new Date().getMonth(); month < 11; month++) await planning.getByRole('button', { name: 'Mois suivant' }).click();
  await expect(planning.getByText(/^déc\. \d{4}$/)).toBeVisible();
  const christmas = planning.getByRole('listitem').filter({ hasText: /25\s*férié/ });
  await expect(christmas).toHaveClass(/off/);
  await expect(christmas.getByText('matin')).toHaveCount(0);
  await expect(planning.locator('li.off').filter({ hasText: 'sam.' }).first()).toBeVisible();
  await expectAccessible(page, 'a month with days off');
});

test('plugins are named to those who look after them only', async ({ browser, page }) => {
  await signIn(page, 'admin');
  const commercial = await person(browser, 'commercial');
  const path = await createOpportunite(commercial, `Noms ${Date.now()}`);
  await page.goto(path);
  for (const who of [page, commercial]) {
    await expect(who.getByRole('region', { name: 'Historique' }).getByText('a créé le dossier')).toBeVisible();
    const named = [who.getByRole('main').getByText(/workflow-afpi/), who.getByRole('region', { name: 'En bref' }).getByText('Parcours', { exact: true })];
    for (const name of named) {
      if (who === page) await expect(name.first()).toBeVisible();
      else await expect(name).toHaveCount(0);
    }
  }
});

test('lists and the tables of administration fit their cards', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, 'admin');
  for (const width of [1360, 1024]) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of PAGES) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
      await expect(page.getByText('Chargement…')).toHaveCount(0);
      await expectNoSideways(page, `${path} at ${width} px`);
      const cut = await page.locator('.table-wrap').evaluateAll((boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).length);
      expect(cut, `tables cut at ${path}, ${width} px`).toBe(0);
    }
  }
});
