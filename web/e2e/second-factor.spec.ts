/** Two-step sign-in: a role requires it, a person sets it up, signs in with it, and loses the phone. */
import { Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, signIn, test } from './support/app';
import { totp } from './support/totp';

// Whoever must set it up first gets 403 from everything else.
test.use({ caused: /status of (401|403|422)/ });

const PASSWORD = 'sept lampes bleues';

/** A person of a role of their own, so that no other test is concerned. */
async function newcomer(page: Page): Promise<{ email: string; role: string }> {
  const mark = `${Date.now()}${Math.floor(Math.random() * 1000)}`;
  const { token } = (await (await page.request.post('/api/auth/refresh')).json()) as { token: string };
  const headers = { Authorization: `Bearer ${token}` };
  const role = `double${mark}`;
  const name = { fr: `Double ${mark}`, en: `Double ${mark}` };
  const made = await page.request.post('/api/roles', {
    headers,
    data: { id: role, name, standsOn: 'responsable_commercial', actions: [] },
  });
  expect(made.status()).toBe(201);
  const email = `${role}@demo.afpi`;
  const person = await page.request.post('/api/users', {
    headers,
    data: { email, name: `Essai ${mark}`, roleId: role, localisationIds: [], password: PASSWORD },
  });
  expect(person.status()).toBe(201);
  return { email, role: name.fr };
}

async function enter(page: Page, email: string): Promise<void> {
  await page.goto('/connexion');
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.getByRole('button', { name: 'Se connecter' }).click();
}

test('a role requires two-step sign-in, and its person is led through the set-up', async ({ page, browser }) => {
  test.setTimeout(120_000);
  await signIn(page, 'admin');
  const { email, role } = await newcomer(page);
  const context = await browser.newContext();
  const guest = await context.newPage();
  await enter(guest, email);
  await expect(guest.getByRole('heading', { level: 1, name: /^Bonjour/ })).toBeVisible();

  await page.goto('/roles');
  await page.getByRole('checkbox', { name: `Double authentification exigée : ${role}` }).check();
  await expectToast(page, 'Enregistré');
  // Whoever is inside is led out at the next step, and no page opens before the set-up.
  await guest.getByRole('link', { name: 'Entreprises' }).click();
  const title = guest.getByRole('heading', { level: 1, name: 'Double authentification' });
  await expect(title).toBeVisible();
  await guest.goto('/opportunites');
  await expect(title).toBeVisible();
  await expectAccessible(guest, 'set-up: password');
  await guest.getByLabel('Mot de passe').fill(PASSWORD);
  await guest.getByRole('button', { name: 'Continuer' }).click();
  await expect(guest.getByRole('img', { name: /Code QR/ })).toBeVisible();
  await expectAccessible(guest, 'set-up: code');
  await guest.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(guest, 'set-up: code');
  const secret = await guest.locator('.secret').innerText();
  await guest.getByLabel('Code affiché').fill('000000');
  await guest.getByRole('button', { name: 'Vérifier' }).click();
  await expect(guest.getByText(/pas le code affiché/)).toBeVisible();
  await guest.getByLabel('Code affiché').fill(totp(secret));
  await guest.getByRole('button', { name: 'Vérifier' }).click();
  const codes = await guest.getByRole('list', { name: 'Codes de secours' }).getByRole('listitem').allInnerTexts();
  expect(codes).toHaveLength(10);
  await expectAccessible(guest, 'set-up: recovery codes');
  await expectNoSideways(guest, 'set-up: recovery codes');
  await guest.getByRole('button', { name: 'Je les ai conservés' }).click();
  await expect(guest.getByRole('heading', { level: 1, name: /^Bonjour/ })).toBeVisible();
  await context.clearCookies();

  // The next sign-in has two steps.
  await enter(guest, email);
  await expect(guest.getByRole('heading', { level: 1, name: 'Vérification' })).toBeVisible();
  await expect(guest.getByLabel('Code')).toBeFocused();
  await expectAccessible(guest, 'sign-in: second step');
  await guest.getByLabel('Code').fill('000000');
  await guest.getByRole('button', { name: 'Se connecter' }).click();
  await expect(guest.getByRole('alert')).toContainText('faux');
  await guest.getByLabel('Code').fill(codes[0] ?? '');
  await guest.getByRole('button', { name: 'Se connecter' }).click();
  await expect(guest.getByRole('heading', { level: 1, name: /^Bonjour/ })).toBeVisible();
  await guest.goto('/compte');
  await expect(guest.getByText('Codes de secours restants : 9')).toBeVisible();
  await expect(guest.getByText('Votre rôle l’exige.')).toBeVisible();

  // The phone is lost: an administrator takes it away.
  await page.goto(`/utilisateurs?q=${encodeURIComponent(email)}`);
  await page.getByRole('button', { name: /^Retirer la double authentification de/ }).click();
  await expectAccessible(page, 'reset of a second factor');
  await page.getByRole('button', { name: 'Retirer', exact: true }).click();
  await expectToast(page, 'Double authentification retirée');
  await guest.reload();
  await expect(guest.getByRole('button', { name: 'Se connecter' })).toBeVisible();
  await enter(guest, email);
  await expect(title).toBeVisible();
  await context.close();
});

test('one turns two-step sign-in on and off', async ({ page, browser }) => {
  await signIn(page, 'admin');
  const { email } = await newcomer(page);
  const context = await browser.newContext();
  const guest = await context.newPage();
  await enter(guest, email);
  await expect(guest.getByRole('heading', { level: 1, name: /^Bonjour/ })).toBeVisible();
  await guest.goto('/compte');
  const card = guest.getByRole('region', { name: 'Double authentification' });
  await card.getByRole('button', { name: 'Activer' }).click();
  await card.getByLabel('Mot de passe').fill(PASSWORD);
  await card.getByRole('button', { name: 'Continuer' }).click();
  const secret = await card.locator('.secret').innerText();
  await card.getByLabel('Code affiché').fill(totp(secret));
  await card.getByRole('button', { name: 'Vérifier' }).click();
  await card.getByRole('button', { name: 'Je les ai conservés' }).click();
  await expect(card.getByText('Activée', { exact: true })).toBeVisible();
  await expectAccessible(guest, 'own account');
  await card.getByRole('button', { name: 'Nouveaux codes de secours' }).click();
  const dialog = guest.getByRole('dialog', { name: 'Nouveaux codes de secours' });
  await dialog.getByLabel('Mot de passe').fill('pas le bon');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog.getByText('Mot de passe incorrect.')).toBeVisible();
  await dialog.getByLabel('Mot de passe').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(card.getByRole('list', { name: 'Codes de secours' }).getByRole('listitem')).toHaveCount(10);
  await card.getByRole('button', { name: 'Je les ai conservés' }).click();
  await card.getByRole('button', { name: 'Désactiver' }).click();
  const off = guest.getByRole('dialog', { name: 'Désactiver' });
  await off.getByLabel('Mot de passe').fill(PASSWORD);
  await off.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(card.getByText('Désactivée', { exact: true })).toBeVisible();
  await context.close();
});
