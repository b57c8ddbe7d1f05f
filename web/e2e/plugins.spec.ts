/** A plugin's life in the browser: upload, consent, one site, upgrade, rollback, removal. The server must accept
 * unsigned plugins, like the demo. */
import { Locator, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, signIn, test } from './support/app';
import { pictured, pluginFile } from './support/plugin-file';
import { hand } from './support/plugin-page';

const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="11" fill="#1c6e5c"/></svg>';

/** Checks that the plugin's own icon is shown. */
async function expectPicture(within: Locator): Promise<void> {
  const picture = within.locator('afpi-plugin-icon img');
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth))
    .toBeGreaterThan(0);
}

test('a file is installed by consent, runs on one site, is upgraded, rolled back and taken out', async ({ page }) => {
  test.setTimeout(240_000);
  const id = `essai-${Date.now().toString(36)}`;
  const name = { fr: `Essai ${id}`, en: `Trial ${id}` };
  await signIn(page, 'admin');
  let consent = await hand(page, pictured(pluginFile('notifications-afpi', { id, name, version: '1.0.0' }), PICTURE));
  await expect(consent.getByText('Non signé')).toBeVisible();
  await expect(consent.getByText('Personne n’en répond', { exact: false })).toBeVisible();
  await expectPicture(consent);
  await expectAccessible(page, 'the consent dialog');
  await consent.getByRole('button', { name: 'Accepter' }).click();
  await expect(page.getByRole('heading', { level: 1, name: name.fr })).toBeVisible({ timeout: 60_000 });
  await expectPicture(page.locator('header', { hasText: name.fr }));

  const toggle = page.getByRole('switch').first();
  await expect(toggle).toHaveAttribute('aria-checked', 'false');
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-checked', 'true');
  await page.getByRole('tab', { name: 'Santé' }).click();
  const health = page.getByRole('region', { name: 'Santé par site' });
  await expect(health.getByRole('row').nth(1)).toBeVisible();
  await expect(health.getByRole('row', { name: /Active/ }).first()).toBeVisible({ timeout: 15_000 });
  await expectAccessible(page, 'the page of a plugin');

  await page.goto('/plugins');
  await expectPicture(page.getByRole('listitem').filter({ hasText: name.fr }));
  const wishes = { clock: true, random: false };
  consent = await hand(page, pluginFile('notifications-afpi', { id, name, version: '1.1.0', capabilities: wishes }));
  await expect(consent.getByText('Remplace la version 1.0.0')).toBeVisible();
  await expect(consent.getByText('nouveau', { exact: true })).toBeVisible();
  await consent.getByRole('button', { name: 'Décider plus tard' }).click();
  await page.getByRole('tab', { name: /^Versions/ }).click();
  const versions = page.getByRole('region', { name: 'Versions' });
  await expect(versions.getByRole('row', { name: /1\.0\.0.*Active/ })).toBeVisible();
  await versions.getByRole('button', { name: 'Examiner la version 1.1.0' }).click();
  await consent.getByRole('button', { name: 'Accepter' }).click();
  await expect(versions.getByRole('row', { name: /1\.1\.0.*Active/ })).toBeVisible({ timeout: 60_000 });

  await versions.getByRole('button', { name: 'Revenir à la version 1.0.0' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revenir à la version 1.0.0' }).click();
  await expect(versions.getByRole('row', { name: /1\.0\.0.*Active/ })).toBeVisible({ timeout: 60_000 });

  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'the page of a plugin');
  await versions.getByRole('button', { name: 'Désinstaller' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('Les données restent lisibles');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Désinstaller' }).click();
  await expectToast(page, 'Extension désinstallée');
  await versions.getByRole('button', { name: 'Effacer ses réglages' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Effacer ses réglages' }).click();
  await expect(page).toHaveURL(/\/plugins$/);
  await expect(page.getByRole('heading', { name: name.fr })).toHaveCount(0);
});

test('a first version that is refused leaves nothing behind, and a wrong file is refused in words', async ({
  page,
}) => {
  const id = `refus-${Date.now().toString(36)}`;
  await signIn(page, 'admin');
  await page.goto('/plugins');
  await page.getByRole('button', { name: 'Installer un fichier' }).click();
  const dialog = page.getByRole('dialog', { name: 'Installer une extension' });
  const choose = dialog.getByLabel('Choisir un fichier');
  await choose.setInputFiles({ name: 'texte.txt', mimeType: 'text/plain', buffer: Buffer.from('bonjour') });
  await expect(dialog.getByRole('alert')).toContainText('un fichier .wasm est attendu');
  await choose.setInputFiles({ name: 'faux.wasm', mimeType: 'application/wasm', buffer: Buffer.from('bonjour') });
  await expect(dialog.getByRole('alert')).toContainText('Ce fichier est refusé');
  await expect(dialog.getByText('Choisir un fichier', { exact: true })).toBeVisible();
  await expectAccessible(page, 'the install dialog with a refusal');
  await dialog.getByRole('button', { name: 'Annuler' }).click();
  const consent = await hand(page, pluginFile('notifications-afpi', { id, name: { fr: id, en: id } }));
  await consent.getByRole('button', { name: 'Refuser' }).click();
  await expectToast(page, 'Version 1.0.0 refusée et effacée');
  await expect(page.getByRole('heading', { name: id })).toHaveCount(0);
});

test('trusted keys are listed, and an unreadable one is refused at its field', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/plugins');
  await page.getByRole('link', { name: 'Clés de confiance' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Clés de confiance' })).toBeVisible();
  await page.getByRole('button', { name: 'Ajouter une clé' }).click();
  const dialog = page.getByRole('dialog', { name: 'Ajouter une clé' });
  await dialog.getByLabel('Clé publique').fill('afpi-key-v1 public rien');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog.getByText('Clé illisible', { exact: false })).toBeVisible();
  await expectAccessible(page, 'the key dialog with an error');
  await dialog.getByRole('button', { name: 'Annuler' }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'the keys');
});
