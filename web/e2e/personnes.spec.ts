/** Personal data: a person is found across the network, and a copy of what is known of this person is handed out. */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, freshSiret, person, test } from './support/app';

test('an administrator finds a person, and hands out a copy of the data', async ({ browser }) => {
  const [manager, admin] = [await person(browser, 'manager'), await person(browser, 'admin')];
  // A contact of this run only.
  const name = `Quéméner${freshSiret().slice(0, 6)}`;
  await manager.goto('/entreprises/nouvelle');
  await manager.getByLabel('Raison sociale').fill(`Ateliers ${name}`);
  await manager.getByRole('button', { name: 'Ajouter un contact' }).click();
  await manager.getByLabel('Prénom').fill('Maël');
  await manager.getByRole('textbox', { name: 'Nom', exact: true }).fill(name);
  await manager.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(manager.getByRole('heading', { level: 1, name: `Ateliers ${name}` })).toBeVisible();

  await admin.goto('/donnees-personnelles');
  await expect(admin.getByRole('heading', { name: 'Qui cherchez-vous ?' })).toBeVisible();
  await expectAccessible(admin, 'personal data, nobody sought');
  const search = admin.getByRole('searchbox', { name: 'Nom, e-mail ou téléphone' });
  await search.fill('personne ne porte ce nom');
  await expect(admin.getByRole('heading', { name: 'Personne de ce nom' })).toBeVisible();
  // Accents and case do not matter.
  await search.fill(`${name.toLowerCase().replaceAll('é', 'e')} mael`);
  const row = admin.getByRole('listitem').filter({ hasText: `Maël ${name}` });
  await expect(row).toContainText('Contact');
  await expect(row).toContainText('Connu : Prénom, Nom');
  await expect(row.getByRole('link', { name: `Ateliers ${name}` })).toBeVisible();
  await row.getByRole('checkbox').check();
  await expectAccessible(admin, 'personal data, a record ticked');
  await admin.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(admin, 'personal data');
  await admin.setViewportSize({ width: 1440, height: 900 });

  const coming = admin.waitForEvent('download');
  await admin.getByRole('button', { name: 'Exporter les données (1)' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe(`Données personnelles Maël ${name}.zip`);
  const archive = readFileSync(await download.path());
  expect(archive.subarray(0, 2).toString()).toBe('PK');
  expect(archive.includes(`"lastName": "${name}"`)).toBe(true);
  await expectToast(admin, 'Copie des données enregistrée');

  // The dialog says what goes and what stays; erased, nobody finds the person.
  await admin.getByRole('button', { name: 'Effacer…' }).click();
  const dialog = admin.getByRole('alertdialog', { name: `Effacer Maël ${name}` });
  await expect(dialog.getByText('Fiches de contact')).toBeVisible();
  await expect(dialog.getByText('RGPD, art. 17.3.e')).toBeVisible();
  await expectAccessible(admin, 'the dialog that erases');
  await dialog.getByLabel('Pourquoi ?').fill('Demande écrite');
  await dialog.getByRole('button', { name: 'Effacer définitivement' }).click();
  await expectToast(admin, 'Les données sont effacées');
  await expect(admin.getByRole('heading', { name: 'Personne de ce nom' })).toBeVisible();

  // The address keeps the search, and the journal tells of the copy.
  await admin.reload();
  await expect(admin.getByRole('heading', { name: 'Personne de ce nom' })).toBeVisible();
  await admin.goto('/journal?acte=exported');
  await expect(admin.getByRole('row').filter({ hasText: `Ateliers ${name}` })).toContainText('Données personnelles');
});

test('nobody else has the page', async ({ browser }) => {
  const manager = await person(browser, 'manager');
  await manager.goto('/donnees-personnelles');
  await expect(manager).toHaveURL(/interdit/);
});

test('the rules of how long personal data is kept can be read and chosen', async ({ browser }) => {
  const admin = await person(browser, 'admin');
  await admin.goto('/donnees-personnelles');
  await admin.getByRole('tab', { name: 'Durées de conservation' }).click();
  await expect(admin).toHaveURL(/vue=conservation/);
  const rule = admin.getByRole('listitem').filter({ has: admin.getByRole('heading', { name: 'Stagiaires' }) });
  await expect(rule).toContainText('Code civil, art. 2224');
  await expect(rule).toContainText('0 fiche à effacer');
  await expect(admin.getByText('Code de commerce, art. L123-22')).toBeVisible();
  await expectAccessible(admin, 'how long personal data is kept');
  await rule.getByLabel('Durée : Stagiaires').selectOption('7');
  await expectToast(admin, 'Enregistré');
  const automatic = rule.getByRole('checkbox', { name: /^Effacer automatiquement/ });
  await automatic.check();
  await admin.reload();
  await expect(automatic).toBeChecked();
  await expect(rule.getByLabel('Durée : Stagiaires')).toHaveValue('7');
  await admin.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(admin, 'how long personal data is kept');
  await automatic.uncheck();
  await rule.getByLabel('Durée : Stagiaires').selectOption('5');
  await admin.goto('/journal');
  await expect(admin.getByRole('row').filter({ hasText: 'Durées de conservation' }).first()).toBeVisible();
});
