/** A day of facturation: a payment over two invoices, a bounced cheque, a part that is credited, the accountant's file. */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, person, signIn, test } from './support/app';

// Comes first: the day of facturation pays an invoice that is due for a reminder.
test('the reminders of the week: one letter and one mail for each payer', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'facturation');
  await page.goto('/facturation?vue=relances');
  // The demo has two late invoices of a funder, and one of a company.
  const funder = page.getByRole('region', { name: 'OPCO 2i' });
  await expect(funder).toBeVisible();
  const numbers = await funder.locator('td.main .mono').allTextContents();
  expect(numbers.length).toBeGreaterThan(1);
  const dialog = page.getByRole('dialog');
  const copies = dialog.getByRole('list', { name: 'Également joints' }).getByRole('listitem');
  await expect(async () => {
    await page.reload();
    await page.getByRole('button', { name: 'Relancer OPCO 2i' }).click();
    await expect(dialog.getByText(`${numbers.length} factures :`)).toBeVisible();
    // A new demo is still making the documents of its invoices.
    await expect(copies).toHaveCount(numbers.length, { timeout: 1000 });
  }).toPass({ timeout: 90_000 });
  // The letter itself, as it will be made.
  await expect(dialog.getByRole('img', { name: /, page 1$/ })).toBeVisible();
  await expectAccessible(page, 'a letter');
  const start = dialog.getByRole('button', { name: 'Créer et envoyer (1)' });
  await dialog.getByLabel('Adresses e-mail').fill('personne');
  await expect(start).toBeDisabled();
  await dialog.getByLabel('Adresses e-mail').fill('compta@opco.example');
  await expect(dialog.getByLabel('Objet')).toHaveValue(new RegExp(`${numbers.length} factures`));
  await dialog.getByLabel('Message').fill('Bonjour,\n\nComme convenu au téléphone, voici le décompte.');
  await start.click();
  await expect(dialog.getByRole('status')).toContainText('Terminé : 1 créé', { timeout: 60_000 });
  await expect(dialog.getByText('Dans un dossier', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Fermer' }).click();
  await expect(funder).toHaveCount(0);

  // Each invoice shows the letter and what went with it.
  for (const number of numbers) {
    await page.goto(`/facturation?q=${number}`);
    await page.getByRole('table', { name: 'Pièces' }).getByRole('button', { name: number }).first().click();
    await expect(dialog.getByText(/compta@opco\.example/)).toContainText('Joints : Facture');
    await dialog.getByRole('button', { name: 'Fermer' }).click();
  }

  // All the others at once.
  await page.goto('/facturation?vue=relances');
  await page.getByRole('button', { name: 'Envoyer les relances dues' }).click();
  const others = dialog.getByRole('list', { name: 'Documents prévus' });
  await expect(others.getByRole('checkbox').first()).toBeChecked();
  await page.setViewportSize({ width: 390, height: 844 });
  await others
    .getByRole('button', { name: /^Lire et modifier/ })
    .first()
    .click();
  await expect(dialog.getByRole('img', { name: /, page 1$/ })).toBeVisible();
  await expectNoSideways(page, 'a letter, narrow');
  await dialog.getByRole('button', { name: /^Créer et envoyer/ }).click();
  await expect(dialog.getByRole('status')).toContainText('Terminé', { timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Fermer' }).click();
  await expect(page.getByText('Aucune relance')).toBeVisible();
});

test('a day of facturation', async ({ page }) => {
  test.setTimeout(120_000);
  // One site, so that all invoices are of one legal entity: a payment never goes to two bank accounts.
  await signIn(page, 'facturation');
  await page.goto('/facturation?etat=open');
  const table = page.getByRole('table', { name: 'Pièces' });
  await expect(table).toBeVisible();
  await expectAccessible(page, 'pieces');

  // The PDF of an invoice lies beside the list, which stays in use; Escape gives the focus back.
  const pdf = table.getByRole('button', { name: /^PDF de F/ });
  const drawer = page.getByRole('complementary', { name: /\.pdf$/ });
  await expect(async () => {
    await pdf.last().click();
    // A new demo is still making the documents of its invoices.
    await expect(drawer).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
  await expect(drawer).toBeFocused();
  await expectAccessible(page, 'a drawer');
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await expect(pdf.last()).toBeFocused();

  // One transfer pays the first invoice and a part of the second one.
  const payable = table.getByRole('row').filter({ has: page.getByRole('checkbox', { name: /^Choisir / }) });
  const numero = await payable.nth(-2).getByRole('link').innerText();
  const number = await payable.nth(-2).getByRole('button').first().innerText();
  const second = table.getByRole('row').filter({ hasText: numero }).filter({ hasText: number });
  await payable.last().getByRole('checkbox').check();
  await second.getByRole('checkbox').check();
  await expect(page.getByText(/^2 factures choisies/)).toBeVisible();
  await page.getByRole('button', { name: 'Enregistrer un règlement' }).click();
  const dialog = page.getByRole('dialog');
  const amount = dialog.getByLabel('Montant reçu');
  const all = cents(await amount.inputValue());
  const shares = dialog.getByRole('table', { name: 'Répartition du règlement' }).getByRole('row');
  await expect(shares).toHaveCount(3);
  await amount.fill(euros(all + 1_952));
  await expect(dialog.getByText(/Il reste 19,52/)).toBeVisible();
  await amount.fill(euros(all - 240));
  await expect(dialog.getByText(/^Il reste/)).toHaveCount(0);
  await expect(shares.last().getByRole('cell').last()).toHaveText(/^2,40/);
  await dialog.getByLabel('Mode').selectOption({ label: 'Chèque' });
  await dialog.getByLabel('Référence').fill('CHQ-778');
  await expectAccessible(page, 'a payment');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expectToast(page, /Règlement enregistré sur 2 factures\. Il reste 2,40/);

  // The cheque bounces for the second invoice.
  await page.goto(`/facturation?q=${number}`);
  await second.getByRole('button', { name: number, exact: true }).click();
  await expect(dialog.getByRole('table', { name: 'Règlements' })).toBeVisible();
  await expectAccessible(page, 'a piece');
  await dialog.getByRole('button', { name: 'Contre-passer' }).last().click();
  await dialog.getByLabel('Motif').fill('Chèque impayé');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expectToast(page, 'Modifications enregistrées');
  await expect(second.getByText('À régler')).toBeVisible();

  // A part of it is credited.
  await second.getByRole('button', { name: number, exact: true }).click();
  await dialog.getByRole('button', { name: 'Émettre un avoir' }).click();
  await dialog.getByLabel('Montant HT').fill('5,00');
  await dialog.getByLabel('Motif').fill('Heures non réalisées');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog).toHaveCount(0);
  await page.goto('/facturation?etat=credit');
  await expect(table.getByText('Avoir').first()).toBeVisible();

  await page.getByRole('tab', { name: 'Balance âgée' }).click();
  await expect(page.getByRole('table', { name: 'Balance âgée' })).toBeVisible();
  await expectAccessible(page, 'aged balance');
  await page.getByRole('tab', { name: 'Relances' }).click();
  await expect(page.getByText(/Les relances dues aujourd’hui/)).toBeVisible();
  await expectAccessible(page, 'reminders');

  // The accountant's file: once.
  await page.getByRole('tab', { name: 'Exports comptables' }).click();
  await page.locator('#x-from').fill('01/01/2020');
  const nothing = page.getByText('Rien à exporter sur cette période');
  const taken = page.getByRole('button', { name: 'FEC' });
  const entity = page.getByLabel('Entité légale');
  for (const name of await entity.locator('option').allTextContents()) {
    await entity.selectOption({ label: name });
    await page.getByRole('button', { name: 'Exporter la période' }).click();
    await expect(nothing.or(taken).first()).toBeVisible();
    if (await taken.count()) break;
  }
  const coming = page.waitForEvent('download');
  await taken.first().click();
  const file = await coming;
  expect(file.suggestedFilename()).toMatch(/^\d{9}FEC\d{8}\.txt$/);
  const lines = readFileSync(await file.path(), 'latin1')
    .trimEnd()
    .split('\r\n');
  expect(lines[0]?.split('\t')).toHaveLength(18);
  expect(lines.length).toBeGreaterThan(2);
  await page.getByRole('button', { name: 'Exporter la période' }).click();
  await expect(nothing).toBeVisible();
  await expectAccessible(page, 'files for the accountant');

  await page.setViewportSize({ width: 390, height: 844 });
  for (const view of ['pieces', 'balance', 'relances', 'comptabilite']) {
    await page.goto(`/facturation?vue=${view}`);
    await expect(page.getByText('Chargement…')).toHaveCount(0);
    await expectNoSideways(page, view);
    await expectAccessible(page, `${view}, narrow`);
  }
});

test('a planner sees no invoices, an assistante changes none', async ({ browser, page }) => {
  await signIn(page, 'assistante');
  await page.goto('/facturation');
  await expect(page.getByRole('heading', { level: 1, name: 'Facturation' })).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /^Choisir / })).toHaveCount(0);
  await expect(page.getByRole('tab', { name: 'Exports comptables' })).toHaveCount(0);
  const planner = await person(browser, 'planificateur');
  await expect(planner.getByRole('link', { name: 'Facturation' })).toHaveCount(0);
});

function cents(text: string): number {
  return Number(text.replace(/[^\d]/g, ''));
}
function euros(amount: number): string {
  return `${Math.floor(amount / 100)},${String(amount % 100).padStart(2, '0')}`;
}

test('the yearly report of a legal entity: its frames, what is missing, and the file', async ({ page }) => {
  await signIn(page, 'admin');
  const year = new Date().getFullYear();
  await page.goto(`/facturation?vue=bpf&du=${year}-01-01&au=${year}-12-31`);
  const entity = page.getByLabel('Entité légale');
  await entity.selectOption({ label: 'AFPI Hauts-de-France' });
  await expect(page).toHaveURL(/entite=/);
  const people = page.getByRole('table', { name: 'F1. Stagiaires, par statut' });
  const total = people.getByRole('row', { name: /^Total/ });
  await expect(total).not.toHaveText(/Total\s*0\s*0/);
  // The frames of trainees have the same sums, as the form wants them.
  for (const frame of ['F3. Stagiaires, par objectif de la formation', 'F4. Stagiaires, par spécialité'])
    await expect(page.getByRole('table', { name: frame }).getByRole('row', { name: /^Total/ })).toHaveText(
      (await total.textContent()) ?? '',
    );
  await expect(page.getByRole('region', { name: 'À compléter avant de déclarer' })).toContainText('sans objectif');
  await expectAccessible(page, 'the yearly report');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Exporter' }).click();
  await page.getByRole('menuitem', { name: /CSV/ }).click();
  const file = readFileSync(await (await download).path(), 'utf8');
  expect(file).toContain('F1a');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'the yearly report on a telephone');
});
