/** Files of an opportunité and of a company: added, shown, renamed, replaced, taken away as one archive, removed. */
import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, person, test } from './support/app';
import { createOpportunite } from './support/chain';

/** A red square of 8 by 8. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC',
  'base64',
);
const pdf = (text: string): Buffer => Buffer.from(`%PDF-1.4\n% ${text}\n%%EOF\n`);

test('files are attached to an opportunité, and stay with it', async ({ browser }) => {
  const commercial = await person(browser, 'commercial');
  await createOpportunite(commercial, `Pièces ${Date.now()}`);
  const panel = commercial.getByRole('region', { name: 'Pièces jointes' });
  await panel.locator('input[type=file][multiple]').setInputFiles([
    { name: 'Devis signé.pdf', mimeType: 'application/pdf', buffer: pdf('un') },
    { name: 'plan.png', mimeType: 'image/png', buffer: PNG },
    { name: 'photo.png', mimeType: 'image/png', buffer: pdf('trois') },
  ]);
  await expect(panel.getByRole('button', { name: 'Devis signé.pdf', exact: true })).toBeVisible();
  await expect(panel.getByRole('alert')).toContainText('photo.png');
  await panel.getByRole('button', { name: 'Retirer photo.png de la liste' }).click();
  await expectAccessible(commercial, 'a record with files');

  // A picture is shown in a dialog.
  await panel.getByRole('button', { name: 'plan.png', exact: true }).click();
  const shown = commercial.getByRole('dialog', { name: 'plan.png' });
  await expect(shown.getByRole('img', { name: 'Aperçu de plan.png' })).toHaveJSProperty('naturalWidth', 8);
  await expectAccessible(commercial, 'the preview of a picture');
  await commercial.keyboard.press('Escape');

  // By keyboard: another name.
  await panel.getByRole('button', { name: 'Actions sur Devis signé.pdf' }).press('Enter');
  await commercial.getByRole('menuitem', { name: 'Renommer ou classer' }).press('Enter');
  const dialog = commercial.getByRole('dialog');
  await dialog.getByLabel('Nom du fichier').fill('Devis signé.exe');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog).toContainText('extension ne correspond pas au contenu');
  await dialog.getByLabel('Nom du fichier').fill('Devis 2026.pdf');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expectToast(commercial, 'Modifications enregistrées');

  // Another version; the former one stays.
  await panel.getByRole('button', { name: 'Actions sur Devis 2026.pdf' }).click();
  const choosing = commercial.waitForEvent('filechooser');
  await commercial.getByRole('menuitem', { name: 'Remplacer par une nouvelle version' }).click();
  await (await choosing).setFiles({ name: 'autre.pdf', mimeType: 'application/pdf', buffer: pdf('deux') });
  await panel.getByRole('button', { name: '2 versions' }).click();
  const versions = panel.getByRole('list', { name: 'Versions de Devis 2026.pdf' });
  const saving = commercial.waitForEvent('download');
  await versions
    .getByRole('listitem')
    .filter({ hasText: 'Version 1' })
    .getByRole('button', { name: 'Télécharger' })
    .click();
  expect(await readFile(await (await saving).path())).toEqual(pdf('un'));

  const archiving = commercial.waitForEvent('download');
  await panel.getByRole('button', { name: 'Tout télécharger (ZIP)' }).click();
  const archive = await readFile(await (await archiving).path());
  expect(archive.subarray(0, 2).toString()).toBe('PK');
  expect(archive.includes('plan.png') && archive.includes(pdf('deux'))).toBe(true);

  await commercial.setViewportSize({ width: 390, height: 800 });
  await expectNoSideways(commercial, 'a record with files on a phone');
  await commercial.setViewportSize({ width: 1280, height: 800 });

  // Somebody else reads them and removes one; the journal tells it.
  const manager = await person(browser, 'manager');
  await manager.goto(commercial.url());
  const theirs = manager.getByRole('region', { name: 'Pièces jointes' });
  await theirs.getByRole('button', { name: 'Actions sur plan.png' }).click();
  await manager.getByRole('menuitem', { name: 'Supprimer' }).click();
  await manager.getByRole('alertdialog').getByRole('button', { name: 'Supprimer' }).click();
  await expectToast(manager, 'Fichier supprimé');
  await expect(theirs.getByRole('button', { name: 'plan.png', exact: true })).toHaveCount(0);
});
