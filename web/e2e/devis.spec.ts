/** The quote as a spreadsheet: a product of the catalogue by keyboard, rows pasted from elsewhere, live totals. */
import { expect } from '@playwright/test';
import { expectAccessible, person, signIn, test } from './support/app';
import { createOpportunite, expectStatus, fillCollecte, forward, save } from './support/chain';

test('a product is created, found, changed and archived', async ({ page }) => {
  const code = `E2E-${Date.now()}`;
  await signIn(page, 'responsable');
  await page.getByRole('navigation').getByRole('link', { name: 'Catalogue' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Catalogue' })).toBeVisible();
  await expectAccessible(page, 'catalogue');
  await page.getByRole('button', { name: 'Nouveau produit' }).click();
  const dialog = page.getByRole('dialog', { name: 'Nouveau produit' });
  await dialog.getByLabel('Code').fill(code);
  await dialog.getByLabel('Intitulé').fill('Soudage TIG avancé');
  await dialog.getByLabel('Durée (heures)').fill('35');
  await dialog.getByLabel('Prix HT').fill('45,50');
  await dialog.getByLabel('Unité du prix').selectOption({ label: 'par heure' });
  await expectAccessible(page, 'product dialog');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog).toBeHidden();
  await page.goto(`/catalogue?q=${code}`);
  await expect(page.getByRole('row', { name: /Soudage TIG avancé/ })).toContainText(/45,50\s€\s*par heure/);
  await page.getByRole('button', { name: 'Modifier Soudage TIG avancé' }).click();
  const edit = page.getByRole('dialog', { name: 'Modifier le produit' });
  await expect(edit.getByLabel('Durée (heures)')).toHaveValue('35');
  await edit.getByLabel('Actif').uncheck();
  await edit.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(edit).toBeHidden();
  await expect(page.getByText('Aucun produit', { exact: true })).toBeVisible();
});

test('a quote is made from the catalogue by keyboard, and from pasted rows', async ({ browser }) => {
  test.setTimeout(120_000);
  const commercial = await person(browser, 'commercial');
  const path = await createOpportunite(commercial, `Devis ${Date.now()}`);
  await fillCollecte(commercial);
  await forward(commercial, 'Soumettre pour validation', 'En attente de validation');
  const page = await person(browser, 'responsable');
  await page.goto(path);
  await forward(page, 'Valider', 'Devis en cours');

  const lines = page.getByRole('group', { name: /Lignes/ });
  await lines.getByRole('button', { name: 'Ajouter une ligne' }).press('Enter');
  await expect(lines.getByRole('combobox', { name: 'Libellé' })).toBeFocused();
  await page.keyboard.type('soud tig');
  await expect(page.getByRole('option', { name: /SOUD-TIG-35/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(lines.getByRole('combobox', { name: 'Libellé' })).toHaveValue('Soudage TIG, initiation');
  await expect(lines.getByRole('textbox', { name: 'Quantité' })).toHaveValue('35');
  await expect(lines.getByRole('combobox', { name: 'Unité' })).toHaveValue('heure');
  await expect(lines.getByRole('textbox', { name: 'Prix unitaire HT' })).toHaveValue('45,50');
  await expect(lines).toContainText(/Total TTC\s*1\s592,50\s€/);
  await page.keyboard.press('Enter');
  await expect(lines.getByRole('combobox', { name: 'Libellé' }).nth(1)).toBeFocused();

  // Two rows of a spreadsheet: label, hours, quantity, unit, price, VAT.
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'Repas\t\t3\tForfait\t16,67\t20 %\nAttestations\t\t7\tForfait\t3,33\t20 %\n');
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  });
  await expect(lines.getByRole('combobox', { name: 'Libellé' })).toHaveCount(3);
  await expect(lines).toContainText(/TVA\s20\s%\ssur\s73,32\s€\s*14,66\s€/);
  await expect(lines).toContainText(/Total TTC\s*1\s680,48\s€/);
  await expectAccessible(page, 'the grid of a quote');
  await page.screenshot({ path: 'test-results/devis-grid.png', fullPage: true });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: 'test-results/devis-grid-390.png', fullPage: true });
  await expectAccessible(page, 'the grid of a quote on a phone');
  await page.setViewportSize({ width: 1280, height: 900 });
  await save(page);
  await expect(lines).toContainText(/Total TTC\s*1\s680,48\s€/);

  // A discount on the whole is spread over the regimes when it is saved.
  await page.getByLabel('Remise globale HT').fill('100');
  await save(page);
  await expect(lines.getByRole('combobox', { name: 'Libellé' })).toHaveCount(5);
  await expect(lines).toContainText(/Total HT\s*1\s565,82\s€/);
  await forward(page, 'Envoyer le devis', 'Devis envoyé');
  await expectStatus(page, 'Devis envoyé');
});
