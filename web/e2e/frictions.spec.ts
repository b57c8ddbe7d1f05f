/** Small things felt every hour: toasts, days off, names that say nothing, tables that fit. */
import { Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, person, signIn, test } from './support/app';
import { createOpportunite } from './support/chain';

const toasts = (page: Page) => page.locator('afpi-toasts .toast');

for (const size of [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, { width: 390, height: 844 }]) {
  test(`a toast comes alone, covers nothing and leads back, at ${size.width} px`, async ({ page }) => {
    await page.setViewportSize(size);
    await signIn(page, 'admin');
    await page.goto('/traitements');
    const queue = page.getByRole('button', { name: /la file mail$/ });
    await page.getByRole('button', { name: 'Mettre en pause la file mail' }).click();
    await expect(toasts(page)).toHaveText(/File en pause/);
    const [above, toast] = await Promise.all([page.locator('main').boundingBox(), toasts(page).boundingBox()]);
    expect((above?.y ?? 0) + (above?.height ?? Infinity), 'the page ends where the toast begins').toBeLessThanOrEqual((toast?.y ?? 0) + 1);
    await expectAccessible(page, 'a toast');

    // By keyboard: the way back is a button like any other.
    await toasts(page).getByRole('button', { name: 'Annuler' }).press('Enter');
    await expect(toasts(page)).toHaveText(/File reprise/);
    await expect(toasts(page)).toHaveCount(1);
    await expect(queue).toHaveAccessibleName('Mettre en pause la file mail');
  });
}

test('the planning of a trainer shades week-ends and holidays', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/formateurs');
  await page.getByRole('table').getByRole('link').first().click();
  const planning = page.getByRole('region', { name: 'Planning' });
  for (let month = 0; month < 12 && !(await planning.getByText(/^déc\. \d{4}$/).isVisible()); month++) await planning.getByRole('button', { name: 'Mois suivant' }).click();
  const christmas = planning.getByRole('listitem').filter({ hasText: /\. 25férié/ });
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
  for (const [who, seen] of [[page, 1], [commercial, 0]] as const) {
    await expect(who.getByRole('region', { name: 'Historique' }).getByText('a créé le dossier')).toBeVisible();
    await expect(who.getByRole('main').getByText(/workflow-afpi/)).toHaveCount(seen);
    await expect(who.getByRole('region', { name: 'En bref' }).getByText('Parcours', { exact: true })).toHaveCount(seen);
  }
});

test('lists and the tables of administration fit their cards', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, 'admin');
  for (const path of ['/', '/opportunites', '/entreprises', '/formateurs', '/utilisateurs', '/connecteurs/ypareo', '/plugins/workflow-afpi', '/plugins/workflow-afpi?vue=sante', '/plugins/workflow-afpi?vue=versions', '/plugins/cles', '/traitements', '/pilotage']) {
    await page.goto(path);
    await expect(page.getByText('Chargement…')).toHaveCount(0);
    for (const width of [1360, 1024]) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoSideways(page, `${path} at ${width} px`);
    }
  }
});
