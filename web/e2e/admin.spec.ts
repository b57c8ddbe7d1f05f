/** Administration: users, plugins per site, and the Ypareo connector from preview to undo. */
import { expect } from '@playwright/test';
import { expectAccessible, expectToast, signIn, test } from './support/app';

test('a user is invited, chooses a password, and is deactivated', async ({ page, browser }) => {
  test.setTimeout(120_000);
  const email = `essai${Date.now()}@demo.afpi`;
  await signIn(page, 'admin');
  await page.goto('/utilisateurs');
  await page.getByRole('button', { name: 'Nouvel utilisateur' }).click();
  const dialog = page.getByRole('dialog', { name: 'Nouvel utilisateur' });
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog.getByText('Choisissez au moins un site')).toBeVisible();
  await expectAccessible(page, 'user dialog with errors');
  await dialog.getByLabel('Adresse e-mail').fill(email);
  await dialog.getByLabel('Nom', { exact: false }).first().fill('Essai Temporaire');
  await dialog.getByRole('checkbox').first().check();
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog).toBeHidden();
  // A demo sends no letters: the link is handed over, and the person chooses a password with it.
  const invitation = page.getByRole('dialog', { name: 'Invitation de Essai Temporaire' });
  await expectAccessible(page, 'invitation');
  const link = await invitation.getByLabel('Lien de l’invitation').inputValue();
  await invitation.getByRole('button', { name: 'Fermer' }).click();
  const context = await browser.newContext();
  const guest = await context.newPage();
  const { pathname, hash } = new URL(link);
  await guest.goto(pathname + hash);
  await expect(guest.getByRole('heading', { level: 1, name: 'Bienvenue, Essai Temporaire' })).toBeVisible();
  await expectAccessible(guest, 'link of an invitation');
  await guest.locator('input[type=password]').fill('sept lampes bleues');
  await guest.getByRole('button', { name: 'Enregistrer et se connecter' }).click();
  await expect(guest.getByRole('heading', { level: 1, name: /^Bonjour/ })).toBeVisible();
  await guest.goto(pathname + hash);
  await expect(guest.getByRole('heading', { level: 1, name: 'Ce lien ne sert plus' })).toBeVisible();
  await expectAccessible(guest, 'link that is over');
  await context.close();

  await page.goto(`/utilisateurs?q=${encodeURIComponent(email)}`);
  await page.getByRole('button', { name: 'Modifier Essai Temporaire' }).first().click();
  const edit = page.getByRole('dialog', { name: 'Modifier l’utilisateur' });
  await edit.getByRole('checkbox', { name: /Compte actif/ }).uncheck();
  await edit.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(edit).toBeHidden();
  await expect(page.getByText('Aucun utilisateur')).toBeVisible();
});

test('a plugin says what it may do and is switched per site', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/plugins');
  await page.getByRole('main').getByRole('link', { name: 'Notifications AFPI' }).click();
  const toggle = page.getByRole('switch').last();
  await expect(toggle).toHaveAttribute('aria-checked', 'true');
  await toggle.click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Désactiver' }).click();
  await expect(toggle).toHaveAttribute('aria-checked', 'false');
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-checked', 'true');
});

test('Ypareo is previewed, applied and undone', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, 'admin');
  await page.goto('/connecteurs/ypareo?vue=configuration');
  await page.getByRole('button', { name: 'Vérifier la connexion' }).click();
  await expect(page.getByRole('heading', { name: 'Vérification' })).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page, 'connector settings with a check');

  await page.goto('/connecteurs/ypareo');
  // The event stream reports the progress. The page reads the run once, and the test answers no further requests for
  // it.
  let asked = 0;
  const run = /\/runs\/[0-9a-f-]+$/;
  await page.route(run, (route) => (asked++ ? undefined : route.continue()));
  await page.getByRole('button', { name: 'Aperçu', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Appliquer' })).toBeVisible({ timeout: 90_000 });
  await page.unroute(run);
  await expectAccessible(page, 'a preview');
  await page.getByRole('button', { name: 'Appliquer' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Appliquer' }).click();
  await expect(page.getByRole('button', { name: 'Annuler ses effets' })).toBeVisible({ timeout: 90_000 });
  await page.getByRole('tab', { name: 'Journal' }).click();
  await expect(page.getByRole('list', { name: 'Journal' }).getByRole('listitem').first()).toBeVisible();
  await page.getByRole('button', { name: 'Annuler ses effets' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Annuler ses effets' }).click();
  await expect(page.getByText('Annulée', { exact: true })).toBeVisible({ timeout: 90_000 });
});

test('the jobs page shows queues and pauses them', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/traitements');
  const pause = page.getByRole('button', { name: /^Mettre en pause la file/ }).first();
  await expect(pause).toBeVisible();
  await pause.click();
  await expectToast(page, 'File en pause');
  await page
    .getByRole('button', { name: /^Reprendre la file/ })
    .first()
    .click();
  await expectToast(page, 'File reprise');
});
