/** Small usability details: toasts, days off, unclear names, tables that fit. */
import { Locator, Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, person, signIn, test } from './support/app';
import { createOpportunite } from './support/chain';
import { asAdmin } from './support/plugin-page';

/** Pages with a table. */
const PAGES = [
  '/opportunites',
  '/entreprises',
  '/formateurs',
  '/utilisateurs',
  '/connecteurs/ypareo',
  '/plugins/workflow-afpi',
  '/plugins/workflow-afpi?vue=sante',
  '/plugins/workflow-afpi?vue=versions',
  '/plugins/cles',
  '/traitements',
  '/pilotage',
];

const toasts = (page: Page): Locator => page.locator('afpi-toasts .toast');

for (const size of [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
]) {
  test(`a toast comes alone, covers nothing and leads back, at ${size.width} px`, async ({ page }) => {
    await page.setViewportSize(size);
    await signIn(page, 'admin');
    await page.goto('/traitements');
    const pause = page.getByRole('button', { name: /^Mettre en pause la file/ }).first();
    const name = (await pause.getAttribute('aria-label')) ?? '';
    await pause.click();
    await expect(toasts(page)).toHaveText(/File en pause/);
    const [above, toast] = await Promise.all([page.locator('main').boundingBox(), toasts(page).boundingBox()]);
    expect((above?.y ?? 0) + (above?.height ?? Infinity), 'the page ends where the toast begins').toBeLessThanOrEqual(
      (toast?.y ?? 0) + 1,
    );
    await expectAccessible(page, 'a toast');

    // The test uses the keyboard, because undo is a normal button.
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
  for (let month = new Date().getMonth(); month < 11; month++)
    await planning.getByRole('button', { name: 'Mois suivant' }).click();
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
    await expect(who.getByRole('region', { name: 'Suivi' }).getByText('a créé le dossier')).toBeVisible();
    const named = [
      who.getByRole('main').getByText(/workflow-afpi/),
      who.getByRole('region', { name: 'En bref' }).getByText('Parcours', { exact: true }),
    ];
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
      const cut = await page
        .locator('.table-wrap')
        .evaluateAll((boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).length);
      expect(cut, `tables cut at ${path}, ${width} px`).toBe(0);
    }
  }
});

test('the page follows the system’s colours, also while it is open', async ({ page }) => {
  const lightness = (): Promise<number> =>
    page.evaluate(() => Math.max(...(getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number)));
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn(page, 'commercial');
  expect(await lightness()).toBeLessThan(60);
  await expectAccessible(page, 'home in the dark');
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await lightness()).toBeGreaterThan(200);
});

test('amounts have a space that shows, multiples have none, and nothing is compared without a base', async ({
  page,
}) => {
  await signIn(page, 'responsable');
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Traitements' })).toBeVisible();
  await page.goto('/opportunites/tableau');
  await expect(
    page
      .getByText(/^\d+(,\d)?\sk€$/)
      .or(page.getByText(/\d k€/))
      .first(),
  ).toBeVisible();
  for (const path of ['/opportunites', '/pilotage']) {
    await page.goto(path);
    await expect(page.getByText(/\d\s\d{3}\s€/).first()).toBeVisible();
    const said = (await page.getByRole('main').textContent()) ?? '';
    expect(said).not.toContain('\u202f');
    expect(said).not.toMatch(/k\s€/);
    expect(said, path).not.toMatch(/[+−]\s?\d\s?\d{3}\s%/);
  }
});

test('the six sections of the board stand side by side, and a folded one stays folded', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/opportunites/tableau');
  const lanes = page.getByRole('region');
  await expect(lanes.getByRole('heading', { level: 2 })).not.toHaveCount(0);
  const sections = ['Collecte', 'Devis', 'Montage', 'Planification', 'Documents', 'Facturation'];
  const lane = (name: string) => lanes.filter({ has: page.getByRole('heading', { level: 2, name }) });
  for (const name of sections) await expect(lane(name)).toBeInViewport({ ratio: 0.9 });

  const devis = lane('Devis');
  const fold = devis.getByRole('button', { name: 'Montrer les dossiers de « Devis »' });
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await expect(devis.getByRole('listitem')).not.toHaveCount(0);
  await fold.press('Enter');
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await page.reload();
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await expect(devis.getByRole('listitem')).toHaveCount(0);
  await expectAccessible(page, 'the board with a folded column');
  await fold.click();
  await expect(devis.getByRole('listitem')).not.toHaveCount(0);
});

test('the board has a column for each owner or site, and stays so', async ({ page }) => {
  await signIn(page, 'responsable');
  await page.goto('/opportunites/tableau');
  const by = page.getByRole('group', { name: 'Colonnes par' });
  await by.getByRole('button', { name: 'Commerciaux' }).click();
  const lane = page.getByRole('region', { name: 'Commercial Démo' });
  await expect(lane.getByRole('listitem')).not.toHaveCount(0);
  const total = await page.getByRole('main').locator('h1 + .badge').innerText();
  await by.getByRole('button', { name: 'Sites' }).click();
  await page.reload();
  await expect(by.getByRole('button', { name: 'Sites' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('region', { name: 'AFPI Aisne' }).getByRole('listitem')).not.toHaveCount(0);
  await expect(page.getByRole('main').locator('h1 + .badge')).toHaveText(total);
  await expectAccessible(page, 'a board with a column for each site');
});

for (const width of [1440, 390]) {
  test(`who leaves files behind is asked who takes them over, where one looks, at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    await signIn(page, 'admin');
    await page.goto('/utilisateurs');
    await page.getByRole('button', { name: 'Modifier Commercial Démo' }).click();
    const dialog = page.getByRole('dialog', { name: 'Modifier l’utilisateur' });
    await dialog.getByRole('checkbox', { name: /^Compte actif/ }).uncheck();
    await dialog.getByRole('button', { name: 'Enregistrer' }).click();
    const heir = dialog.getByLabel('Qui reprend ?');
    await expect(heir).toBeFocused();
    await expect(heir).toBeInViewport();
    await expect(dialog.getByRole('alert')).toContainText('Choisissez qui les reprend');
    await expectAccessible(page, 'a successor is asked for');
    await dialog.getByRole('button', { name: 'Annuler' }).click();
  });
}

test('what both sides changed can be read and chosen on a phone', async ({ page, request }) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, 'admin');
  const admin = await asAdmin(request);
  const { config } = (await admin.get('/api/connecteurs/ypareo/config')) as { config: { baseUrl: string } };
  const change = async (options: object): Promise<void> => {
    expect((await request.post(new URL('/_control', config.baseUrl).href, { data: options })).ok()).toBe(true);
  };
  const sync = async (): Promise<string> => {
    const { body } = await admin.post('/api/connecteurs/ypareo/sync', { mode: 'apply' });
    const path = `/api/connecteurs/ypareo/runs/${(body as { run: { id: string } }).run.id}`;
    await expect
      .poll(async () => ((await admin.get(path)) as { state: string }).state, { timeout: 60_000 })
      .toBe('done');
    return path;
  };
  const first = await sync();
  const { data } = (await admin.get(`${first}/changes?limit=100`)) as { data: { entity: string; recordId: string }[] };
  // Each run takes a random company, because the connector does not ask again about an earlier choice.
  const companies = data.filter(({ entity }) => entity === 'entreprise');
  const found = companies[Math.floor(Math.random() * companies.length)];
  const { version } = (await admin.get(`/api/entreprises/${found?.recordId}`)) as { version: number };
  const name = `Corrigée ${Date.now()}`;
  await admin.patch(`/api/entreprises/${found?.recordId}`, { name }, version);
  await change({ seed: Date.now() % 100_000 });
  const second = await sync();
  try {
    await page.goto(`${second.replace('/api', '').replace('/runs/', '/executions/')}?action=conflict`);
    await expect(page.getByText(/^\d+ fiches? modifiées? des deux côtés/)).toBeVisible();
    const conflict = page.getByRole('group', { name: 'Raison sociale' }).filter({ hasText: name });
    expect((await conflict.boundingBox())?.width, 'it has the width of the card').toBeGreaterThan(280);
    await expect(page.getByRole('cell').filter({ hasText: 'Code postal' }).first()).toBeVisible();
    await expectNoSideways(page, 'a conflict');
    await expectAccessible(page, 'a conflict');
    await conflict.getByRole('button', { name: 'Garder la nôtre' }).click();
    await expectToast(page, 'Choix enregistré');
    await expect(conflict).toHaveCount(0);
  } finally {
    await change({ reset: true });
    for (const run of [second, first]) await admin.post(`${run}/undo`, {});
  }
});
