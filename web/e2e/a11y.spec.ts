/** Every page, wide and narrow, light and dark: no axe violation, no horizontal scrolling, no error in the console. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, signIn, test } from './support/app';

// These are the longest tests. None of them depends on another, so they run in parallel.
test.describe.configure({ mode: 'parallel' });

const PAGES: [string, string | RegExp][] = [
  ['/', /^Bonjour/],
  ['/opportunites', 'Opportunités'],
  ['/opportunites/tableau', 'Opportunités'],
  ['/opportunites/nouvelle', 'Nouvelle opportunité'],
  ['/entreprises', 'Entreprises'],
  ['/entreprises/nouvelle', 'Nouvelle entreprise'],
  ['/pilotage', 'Pilotage'],
  ['/notifications', 'Notifications'],
  ['/notifications?vue=preferences', 'Notifications'],
  ['/planning', 'Planning'],
  ['/planning?vue=jour', 'Planning'],
  ['/formateurs', 'Formateurs'],
  ['/utilisateurs', 'Utilisateurs'],
  ['/connecteurs', 'Connecteurs'],
  ['/connecteurs/ypareo', /Ypareo/i],
  ['/connecteurs/ypareo?vue=configuration', /Ypareo/i],
  ['/plugins', 'Extensions'],
  ['/plugins/cles', 'Clés de confiance'],
  ['/plugins/workflow-afpi', /AFPI/],
  ['/plugins/workflow-afpi?vue=sante', /AFPI/],
  ['/plugins/workflow-afpi?vue=enregistrements', /AFPI/],
  ['/plugins/workflow-afpi?vue=versions', /AFPI/],
  ['/entreprises/doublons', 'Doublons'],
  ['/anomalies', 'Anomalies'],
  ['/corbeille', 'Corbeille'],
  ['/donnees-personnelles', 'Données personnelles'],
  ['/donnees-personnelles?q=martin', 'Données personnelles'],
  ['/integrations', 'Intégrations'],
  ['/integrations?vue=webhooks', 'Intégrations'],
  ['/journal', 'Journal'],
  ['/roles', 'Rôles et droits'],
  ['/compte', 'Compte et sécurité'],
  ['/entites', 'Sites et entités'],
  ['/traitements', 'Traitements'],
  ['/nulle-part', 'Page introuvable'],
];
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

/** Pages per test. The number is small, so that the tests of this file end at about the same time. */
const AT_A_TIME = 6;

test('login', async ({ page }) => {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.goto('/connexion');
    await expect(page.getByRole('button', { name: 'Administrateur', exact: true })).toBeVisible();
    await expectAccessible(page, 'login');
    await expectNoSideways(page, 'login');
  }
});

for (const size of SIZES) {
  for (let from = 0; from < PAGES.length; from += AT_A_TIME) {
    const some = PAGES.slice(from, from + AT_A_TIME);
    test(`pages at ${size.width} px: ${some.map(([path]) => path).join(' ')}`, async ({ page }) => {
      test.setTimeout(120_000);
      await page.setViewportSize(size);
      await signIn(page, 'admin');
      for (const [path, title] of some) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1, name: title })).toBeAttached();
        await expect(page.getByText('Chargement…')).toHaveCount(0);
        await expectAccessible(page, path);
        await expectNoSideways(page, path);
      }
    });
  }

  test(`records at ${size.width} px`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.setViewportSize(size);
    await signIn(page, 'admin');
    for (const [list, link] of [
      ['/opportunites', 'main td.main > a'],
      ['/entreprises', 'main td.main > a'],
      ['/formateurs', 'main td.main a'],
      ['/plugins', 'main h2 a'],
    ] as const) {
      await page.goto(list);
      await page.locator(link).first().click();
      await expect(page).not.toHaveURL(new RegExp(`${list}$`));
      await expect(page.getByText('Chargement…')).toHaveCount(0);
      await expectAccessible(page, `a record of ${list}`);
      await expectNoSideways(page, `a record of ${list}`);
    }
  });
}

test('the theme is the system’s until another is chosen', async ({ page }) => {
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await signIn(page, 'commercial');
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(background).not.toBe(light);
  await page.getByRole('button', { name: /^Mon compte/ }).click();
  await expect(page.getByRole('menuitemradio', { name: 'Comme le système' })).toBeChecked();
  await page.getByRole('menuitemradio', { name: 'Clair' }).click();
  await expect.poll(background).toBe(light);
});

test('the dark theme keeps its contrasts', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'admin');
  await page.getByRole('button', { name: /^Mon compte/ }).click();
  await page.getByRole('menuitemradio', { name: 'Sombre' }).click();
  for (const path of [
    '/',
    '/opportunites',
    '/opportunites/tableau',
    '/pilotage',
    '/plugins',
    '/plugins/workflow-afpi?vue=sante',
    '/traitements',
    '/connecteurs/ypareo',
  ]) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
    await expect(page.getByText('Chargement…')).toHaveCount(0);
    await expectAccessible(page, `${path} in dark`);
  }
});

test('menus, dialogs and panels', async ({ page }) => {
  await signIn(page, 'admin');
  await page.getByRole('button', { name: /^Notifications/ }).click();
  await expect(page.getByRole('dialog', { name: 'Notifications' })).toBeVisible();
  await expectAccessible(page, 'bell');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Site/ }).click();
  await expectAccessible(page, 'site switcher');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Raccourcis clavier' })).toBeVisible();
  await expectAccessible(page, 'shortcuts');
  await page.keyboard.press('Escape');
  await page.goto('/opportunites/nouvelle');
  await page.getByRole('button', { name: 'Créer l’opportunité' }).click();
  await expect(page.getByText('Ce champ est obligatoire').first()).toBeVisible();
  await expectAccessible(page, 'create form with errors');
  await page.getByRole('button', { name: 'Ouvrir le calendrier' }).click();
  await expect(page.getByRole('button', { name: 'Mois suivant' })).toBeVisible();
  await expectAccessible(page, 'calendar');
});
