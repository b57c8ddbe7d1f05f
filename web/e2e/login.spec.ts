/** Signing in and out, and the navigation of each role. */
import { expect } from '@playwright/test';
import { ROLES, RoleName, expectAccessible, expectToast, person, signIn, test } from './support/app';

const COMMON = [
  'Accueil',
  'Opportunités',
  'Entreprises',
  'Planning',
  'Sessions',
  'Stagiaires',
  'Catalogue',
  'Pilotage',
  'Notifications',
];
const ALSO: Record<RoleName, string[]> = {
  admin: [
    'Facturation',
    'Anomalies',
    'Sites et entités',
    'Formateurs',
    'Salles',
    'Utilisateurs',
    'Rôles et droits',
    'Connecteurs',
    'Extensions',
    'Intégrations',
    'Journal',
    'Corbeille',
    'Données personnelles',
    'Traitements',
  ],
  responsable: [
    'Facturation',
    'Anomalies',
    'Sites et entités',
    'Formateurs',
    'Salles',
    'Utilisateurs',
    'Rôles et droits',
    'Extensions',
    'Journal',
    'Corbeille',
    'Traitements',
  ],
  manager: [
    'Facturation',
    'Anomalies',
    'Sites et entités',
    'Formateurs',
    'Salles',
    'Utilisateurs',
    'Rôles et droits',
    'Extensions',
    'Journal',
    'Corbeille',
  ],
  commercial: ['Facturation', 'Anomalies', 'Corbeille'],
  assistante: ['Facturation', 'Anomalies', 'Formateurs', 'Salles'],
  planificateur: ['Formateurs', 'Salles'],
  facturation: ['Facturation', 'Anomalies', 'Sites et entités'],
};

for (const role of Object.keys(ROLES) as RoleName[]) {
  test(`${role} signs in and finds what the role may see`, async ({ page }) => {
    await signIn(page, role);
    await expect(
      page.getByRole('button', { name: /^Mon compte/ }).getByText(ROLES[role], { exact: true }),
    ).toBeVisible();
    const links = page.getByRole('navigation', { name: 'Navigation principale' }).getByRole('link');
    const names = (await links.allInnerTexts()).map((text) => text.split('\n')[0]);
    expect(names.sort()).toEqual([...COMMON, ...ALSO[role]].sort());
    // Every role sees the figures of its scope. Targets are for sales roles and managers.
    await page.goto('/pilotage');
    await expect(page.getByRole('group', { name: 'Indicateurs' }).getByRole('link').first()).toBeVisible();
    await expect(page.getByRole('region', { name: 'Objectifs' })).toHaveCount(
      ['assistante', 'planificateur', 'facturation'].includes(role) ? 0 : 1,
    );
  });
}

test('a wrong password is refused in words, and the field is empty again', async ({ page }) => {
  await page.goto('/connexion');
  await page.getByLabel('Adresse e-mail').fill('commercial@demo.afpi');
  await page.locator('input[type=password]').fill('pas-le-bon-mot');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.locator('input[type=password]')).toHaveValue('');
  await expectAccessible(page, 'login with a refusal');
});

test('a forgotten password: a demo sends no letters, and says so', async ({ page }) => {
  await page.goto('/connexion');
  await page.getByRole('link', { name: 'Mot de passe oublié ?' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Mot de passe oublié' })).toBeVisible();
  await page.getByLabel('Adresse e-mail').fill('commercial@demo.afpi');
  await page.getByRole('button', { name: 'Recevoir un lien' }).click();
  await expect(page.getByRole('alert')).toContainText('votre administrateur');
  await expectAccessible(page, 'forgotten password');
});

test('an empty form names its fields', async ({ page }) => {
  await page.goto('/connexion');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect(page.getByText('Ce champ est obligatoire')).toHaveCount(2);
  await expect(page.getByLabel('Adresse e-mail')).toBeFocused();
  await expectAccessible(page, 'login with errors');
});

test('a deep link leads through the login page and back', async ({ page }) => {
  await page.goto('/entreprises');
  await expect(page).toHaveURL(/connexion\?retour=%2Fentreprises/);
  await page.getByRole('button', { name: ROLES.commercial, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Entreprises' })).toBeVisible();
});

test('the session survives a reload and ends with the sign-out', async ({ page }) => {
  await signIn(page, 'assistante');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: /^Bonjour/ })).toBeVisible();
  const held = await page.context().cookies();
  await page.getByRole('button', { name: /^Mon compte/ }).click();
  await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
  await expect(page.getByRole('button', { name: 'Se connecter' })).toBeVisible();
  await page.goto('/opportunites');
  await expect(page).toHaveURL(/connexion/);
  // The server ends the session too: the old cookie is no longer valid.
  await page.context().addCookies(held);
  expect((await page.request.post('/api/auth/refresh')).status()).toBe(401);
});

test('another device is listed, and signed out from here', async ({ page, browser }) => {
  await signIn(page, 'planificateur');
  const other = await person(browser, 'planificateur');
  await page.goto('/compte');
  const devices = page.getByRole('region', { name: 'Appareils connectés' });
  await expect(devices.getByText('cet appareil')).toHaveCount(1);
  await expect(devices.getByText(/Chrome sur /).first()).toBeVisible();
  await devices.getByRole('button', { name: 'Déconnecter tous les autres' }).click();
  await expectToast(page, 'Tous les autres appareils sont déconnectés');
  await expect(devices.getByRole('listitem')).toHaveCount(1);
  await other.reload();
  await expect(other.getByRole('button', { name: 'Se connecter' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Compte et sécurité' })).toBeVisible();
  await other.context().close();
});

test('a page of another role is refused kindly', async ({ page }) => {
  await signIn(page, 'facturation');
  await page.goto('/connecteurs');
  await expect(page.getByRole('heading', { level: 1, name: 'Accès réservé' })).toBeAttached();
});
