/** Integrations: a key of the API is made, used, renewed and revoked; a webhook is told what happens. */
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, freshSiret, signIn, test } from './support/app';

test('a key is made, its secret is shown once, and it opens what was chosen until it is revoked', async ({
  page,
  request,
}) => {
  const name = `Site web ${freshSiret().slice(0, 6)}`;
  const call = async (secret: string, path: string): Promise<number> =>
    (await request.get(path, { headers: { authorization: `Bearer ${secret}` } })).status();

  await signIn(page, 'admin');
  await page.goto('/integrations');
  await page.getByRole('button', { name: 'Nouvelle clé' }).click();
  const dialog = page.getByRole('dialog', { name: 'Nouvelle clé' });
  await dialog.getByRole('textbox', { name: 'Nom', exact: true }).fill(name);
  await dialog.getByLabel('Rôle').selectOption({ label: 'Manager' });
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog.getByText('Choisissez au moins un site.')).toBeVisible();
  await expect(dialog.getByText('Choisissez au moins un domaine.')).toBeVisible();
  await expectAccessible(page, 'a new key');
  await dialog.getByRole('checkbox').first().check();
  await dialog.getByLabel('Entreprises et contacts').selectOption({ label: 'Lecture' });
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'a new key on a telephone');
  await page.setViewportSize({ width: 1440, height: 900 });
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();

  const shown = page.getByRole('dialog', { name: `Secret de ${name}` });
  const first = await shown.getByLabel('Secret').inputValue();
  expect(first).toMatch(/^afpi_[0-9A-Za-z]{38}$/);
  await expectAccessible(page, 'a secret');
  await shown.getByRole('button', { name: 'Fermer' }).click();
  expect(await call(first, '/api/entreprises')).toBe(200);
  expect(await call(first, '/api/opportunites')).toBe(403);

  await page.reload();
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('Entreprises et contacts : Lecture');
  await expect(row).toContainText('depuis');
  await expect(row).toContainText('Active');
  await expect(page.getByText(first)).toHaveCount(0);
  await expectAccessible(page, 'integrations with a key');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'integrations on a telephone');
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.getByRole('button', { name: `Renouveler le secret de ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Garder l’ancien 24 heures' }).click();
  const second = await shown.getByLabel('Secret').inputValue();
  await shown.getByRole('button', { name: 'Fermer' }).click();
  await expect(row).toContainText('L’ancien secret vaut jusqu’au');
  expect([await call(first, '/api/entreprises'), await call(second, '/api/entreprises')]).toEqual([200, 200]);

  await page.getByRole('button', { name: `Révoquer ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Révoquer' }).click();
  await expectToast(page, 'Clé révoquée');
  await expect(row).toContainText('Révoquée');
  expect([await call(first, '/api/entreprises'), await call(second, '/api/entreprises')]).toEqual([401, 401]);

  await page.goto('/journal?objet=api_key');
  await expect(page.getByRole('row').filter({ hasText: name }).first()).toBeVisible();
});

test('a webhook is made, tested, told of an event, switched off and deleted', async ({ page }) => {
  const arrived: { body: string; signature: string }[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      arrived.push({ body, signature: String(request.headers['webhook-signature']) });
      response.writeHead(200).end('merci');
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  const { port } = receiver.address() as AddressInfo;
  const name = `Comptabilité ${freshSiret().slice(0, 6)}`;

  await signIn(page, 'admin');
  await page.goto('/integrations?vue=webhooks');
  await page.getByRole('button', { name: 'Nouveau webhook' }).click();
  const dialog = page.getByRole('dialog', { name: 'Nouveau webhook' });
  await dialog.getByRole('textbox', { name: 'Nom', exact: true }).fill(name);
  await dialog.getByLabel('Adresse').fill(`http://127.0.0.1:${port}/hook`);
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog.getByText('Choisissez au moins un événement.')).toBeVisible();
  await dialog.getByRole('checkbox', { name: 'Entreprise créée' }).check();
  await expectAccessible(page, 'a new webhook');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  const shown = page.getByRole('dialog', { name: `Secret de ${name}` });
  expect(await shown.getByLabel('Secret').inputValue()).toMatch(/^whsec_/);
  await shown.getByRole('button', { name: 'Fermer' }).click();

  await page.getByRole('button', { name: `Tester ${name}` }).click();
  await expectToast(page, 'Test envoyé');
  await expect.poll(() => arrived.length).toBe(1);
  const log = page.getByRole('table', { name: `Envois de ${name}` });
  await expect(async () => {
    await page.getByRole('button', { name: 'Actualiser' }).click();
    await expect(log.getByText('Reçu')).toBeVisible({ timeout: 500 });
  }).toPass();
  expect(arrived[0]?.signature).toMatch(/^v1,/);
  await expectAccessible(page, 'webhooks with a log');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'webhooks on a telephone');
  await expectAccessible(page, 'webhooks on a telephone');
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.goto('/entreprises/nouvelle');
  await page.getByLabel('Raison sociale').fill(`Ateliers ${name}`);
  await page.getByLabel('Localisation').selectOption({ label: 'AFPI Aisne' });
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Ateliers ${name}` })).toBeVisible();
  await expect.poll(() => arrived.length).toBe(2);
  expect(arrived[1]?.body).toContain('"entreprise.created"');
  expect(arrived[1]?.body).not.toContain('Ateliers');

  await page.goto('/integrations?vue=webhooks');
  await page.getByRole('button', { name: `Désactiver ${name}` }).click();
  await expectToast(page, 'Webhook désactivé');
  await page.getByRole('button', { name: `Supprimer ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Supprimer' }).click();
  await expectToast(page, 'Webhook supprimé');
  await expect(page.getByRole('heading', { name })).toHaveCount(0);
  receiver.close();
});
