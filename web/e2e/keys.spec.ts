/** Trusted keys: an administrator adds and revokes a key, which affects the files that it signed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { expectAccessible, expectToast, signIn, test } from './support/app';
import { afpi, inScratch } from './support/author';
import { pluginFile } from './support/plugin-file';
import { choose, clearAway, hand } from './support/plugin-page';

test('a file signed with an unknown key is refused, with a trusted one taken in, with a revoked one not activated', async ({
  page,
  request,
}) => {
  test.setTimeout(180_000);
  const id = `signe-${Date.now().toString(36)}`;
  const owner = `Organisme ${id}`;
  await inScratch(async (dir) => {
    const path = join(dir, `${id}.wasm`);
    writeFileSync(path, pluginFile('notifications-afpi', { id, name: { fr: id, en: id } }).buffer);
    await afpi(dir, 'keygen', 'my.key', '--name', owner);
    await afpi(dir, 'sign', path, '--key', 'my.key');
    const file = { name: `${id}.wasm`, mimeType: 'application/wasm', buffer: readFileSync(path) };

    await signIn(page, 'admin');
    const dialog = await choose(page, file);
    await expect(dialog.getByRole('alert')).toContainText("n'est pas parmi les clés de confiance");
    await dialog.getByRole('button', { name: 'Annuler' }).click();

    await page.goto('/plugins/cles');
    await page.getByRole('button', { name: 'Ajouter une clé' }).click();
    const key = page.getByRole('dialog', { name: 'Ajouter une clé' });
    await key.getByLabel('Clé publique').fill(readFileSync(join(dir, 'my.key.pub'), 'utf8'));
    await key.getByLabel('Niveau').selectOption({ label: 'Partenaire' });
    await key.getByRole('button', { name: 'Enregistrer' }).click();
    await expectToast(page, 'Clé ajoutée');
    const row = page.getByRole('row', { name: new RegExp(owner) });
    await expect(row).toContainText('Partenaire');
    await expect(row).toContainText('Acceptée');

    const consent = await hand(page, file);
    await expect(consent.getByText('Partenaire', { exact: true })).toBeVisible();
    await expect(consent.getByText(`Clé : ${owner}`, { exact: false })).toBeVisible();
    await expectAccessible(page, 'consent to a signed file');
    await consent.getByRole('button', { name: 'Décider plus tard' }).click();

    // The key is revoked between the upload and the consent.
    await page.goto('/plugins/cles');
    await row.getByRole('button', { name: `Révoquer ${owner}` }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Révoquer' }).click();
    await expectToast(page, 'Clé révoquée');
    await page.goto(`/plugins/${id}`);
    await page.getByRole('button', { name: 'Examiner la version 1.0.0' }).click();
    await consent.getByRole('button', { name: 'Accepter' }).click();
    await expect(consent.getByRole('alert')).toContainText('qui a été révoquée');
    await consent.getByRole('button', { name: 'Refuser' }).click();
    await expectToast(page, 'Version 1.0.0 refusée et effacée');
    const refused = await choose(page, file);
    await expect(refused.getByRole('alert')).toContainText('qui a été révoquée');
    await refused.getByRole('button', { name: 'Annuler' }).click();

    // The key is trusted again, and the host accepts the file as before.
    await page.goto('/plugins/cles');
    await row.getByRole('button', { name: `Accepter à nouveau ${owner}` }).click();
    await page
      .getByRole('dialog', { name: `Accepter à nouveau ${owner}` })
      .getByRole('button', { name: 'Enregistrer' })
      .click();
    await expect(row).toContainText('Acceptée');
    const again = await hand(page, file);
    await again.getByRole('button', { name: 'Refuser' }).click();
    await expectToast(page, 'Version 1.0.0 refusée et effacée');
  });
  await clearAway(request, [id]);
});
