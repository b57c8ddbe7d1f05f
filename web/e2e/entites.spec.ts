/** Sites and legal entities: an administrator completes what documents say of them; others read, or see nothing. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, signIn, test } from './support/app';

/** One red pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

test('an administrator completes a legal entity, its logo and a site', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/entites');
  await page.getByRole('button', { name: 'AFPI Bretagne', exact: true }).click();
  const bank = page.getByRole('region', { name: 'Banque' });
  await bank.getByRole('button', { name: 'Modifier : Banque' }).click();
  await page.getByLabel('IBAN').fill('FR76 3000 6000 0112 3456 7890 188');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('sa clé de contrôle est fausse')).toBeVisible();
  await expectAccessible(page, 'a refused IBAN');
  await page.getByLabel('IBAN').fill('FR76 3000 6000 0112 3456 7890 189');
  await page.getByLabel('BIC').fill('agrifrpp');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(bank.getByText('FR76 3000 6000 0112 3456 7890 189')).toBeVisible();
  await expect(bank.getByText('AGRIFRPP')).toBeVisible();

  const look = page.getByRole('region', { name: 'Apparence' });
  await look.getByLabel('Choisir un logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PNG });
  await expect(look.getByRole('img', { name: 'Logo de AFPI Bretagne' })).toBeVisible();
  await look.getByRole('button', { name: 'Modifier : Apparence' }).click();
  await page.getByLabel('Couleur').fill('#1f4e79');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(look.getByText('#1F4E79')).toBeVisible();

  await page.getByRole('button', { name: 'Modifier : AFPI-35 · AFPI Bretagne' }).click();
  await page.getByLabel('Comment venir').fill('Métro ligne b, arrêt Atalante.\nParking gratuit.');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('Métro ligne b, arrêt Atalante.')).toBeVisible();
  await expectAccessible(page, 'sites and legal entities');

  await page.reload();
  await expect(look.getByRole('img', { name: 'Logo de AFPI Bretagne' })).toBeVisible();
  await look.getByRole('button', { name: 'Retirer le logo' }).click();
  await expect(look.getByText('Aucun logo')).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'sites and legal entities');
  await expectAccessible(page, 'sites and legal entities on a telephone');
});

test('a legal entity is seen in its documents while it is typed', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/entites');
  const preview = page.getByRole('region', { name: 'Aperçu des documents' });
  await expect(preview.getByRole('img', { name: 'Devis D2026-42-v2, page 1' })).toBeVisible();
  await preview.getByLabel('Document à montrer').selectOption('Facture');
  await expect(preview.getByRole('img', { name: 'Facture F2026-3, page 1' })).toBeVisible();
  await preview.getByRole('button', { name: 'en anglais' }).click();
  await expect(preview.getByRole('img', { name: 'Invoice F2026-3, page 1' })).toBeVisible();

  await page.getByRole('button', { name: 'Modifier : Apparence' }).click();
  const dialog = page.getByRole('dialog');
  const drawn = dialog.getByRole('img', { name: 'Devis D2026-42-v2, page 1' });
  await expect(drawn).toBeVisible();
  const before = await drawn.getAttribute('src');
  const typed = page.waitForResponse((response) => response.url().endsWith('/documents/preview'));
  await dialog.getByLabel('Pied de page').fill('Certifié au titre des actions de formation.');
  const asked = (await typed).request().postDataJSON() as { entite: { footer: string } };
  expect(asked.entite.footer).toBe('Certifié au titre des actions de formation.');
  await expect(drawn).not.toHaveAttribute('src', before ?? '');
  await expectAccessible(page, 'a legal entity with its documents');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'a legal entity with its documents on a telephone');
});

test('a manager reads the entities of his sites', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/entites');
  await expect(page.getByRole('heading', { name: 'Sites et entités' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Banque' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Modifier/ })).toHaveCount(0);
});
