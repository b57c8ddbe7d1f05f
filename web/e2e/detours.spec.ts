/** Detours of the relay: a refused quote, an opportunité that is sent back, a funder for a part, partial payments. */
import { expect } from '@playwright/test';
import { expectAccessible, signIn, test } from './support/app';
import {
  acceptQuote,
  aside,
  fillPlanning,
  forward,
  issue,
  pay,
  save,
  tickDocuments,
  toSentQuote,
} from './support/chain';

test('a refused quote is reworked, refused again and given up', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, 'responsable');
  await toSentQuote(page, `Refus ${Date.now()}`);
  const refuse = (cause: string, reason: string): Promise<void> =>
    forward(page, 'Devis refusé', 'Devis refusé', async (dialog) => {
      await dialog.getByRole('button', { name: 'Devis refusé', exact: true }).click();
      await expect(dialog.getByText('Ce champ est obligatoire').first()).toBeVisible();
      await dialog.getByLabel('Cause').selectOption({ label: cause });
      await dialog.getByLabel('Motif').fill(reason);
    });
  await refuse('Prix', 'Trop cher de 10 %.');
  const history = page.getByRole('region', { name: 'Suivi' });
  await expect(history.getByRole('paragraph').filter({ hasText: 'Trop cher de 10 %.' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('button', { name: 'Devis accepté' })).toHaveCount(0);

  await aside(page, 'Reprendre le devis', 'Devis en cours');
  await expect(page.getByRole('group', { name: 'Versions précédentes' })).toContainText('Trop cher de 10 %.');
  await page.getByRole('textbox', { name: 'Prix unitaire HT' }).fill('1 100');
  await page.getByRole('textbox', { name: 'Prix unitaire HT' }).press('Tab');
  await save(page);
  await forward(page, 'Envoyer le devis', 'Devis envoyé');
  await refuse('Concurrent retenu', 'Choix du concurrent.');
  await aside(page, 'Classer comme perdu', 'Annulé', async (dialog) => {
    await expect(dialog).toContainText('Confirmez-vous');
  });
  await expect(page.getByRole('button', { name: 'Autres actions' })).toHaveCount(0);
  await expectAccessible(page, 'a lost record');
});

test('a file goes back a step with a reason, and forward again', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, 'responsable');
  await toSentQuote(page, `Retour ${Date.now()}`);
  await acceptQuote(page);
  const back = (status: string, reason: string): Promise<void> =>
    aside(page, 'Renvoyer à l’étape précédente', status, async (dialog) => {
      await dialog.getByLabel('Motif').fill(reason);
    });
  await forward(page, 'Valider le financement', 'Planification en cours');
  await back('Montage en cours', 'Le client veut un OPCO.');
  await back('Devis en cours', 'Une ligne manque.');

  // The signed quote is no longer valid: there is a new version.
  await expect(page.getByRole('tab', { selected: true })).toContainText('Devis');
  await expect(page.getByRole('group', { name: 'Versions précédentes' }).getByRole('row')).toHaveCount(2);
  const history = page.getByRole('region', { name: 'Suivi' });
  await expect(history.getByText('Une ligne manque.')).toBeVisible();
  await expect(history.getByText('Le client veut un OPCO.')).toBeVisible();
  await forward(page, 'Envoyer le devis', 'Devis envoyé');
  await acceptQuote(page);
});

test('an OPCO is billed its part, and payments come in parts', async ({ page }) => {
  test.setTimeout(240_000);
  await signIn(page, 'responsable');
  await toSentQuote(page, `OPCO ${Date.now()}`);
  await acceptQuote(page);

  // The request to the funder is sent, and the funder answers.
  const funders = page.getByRole('group', { name: /^Financeurs/ });
  await funders.getByRole('button', { name: 'Ajouter une ligne' }).click();
  await funders.getByLabel('Payeur').selectOption({ label: 'OPCO' });
  await funders.getByLabel('Organisme').fill('OPCO 2i');
  await funders.getByLabel('Montant demandé HT').fill('3 000');
  await funders.getByLabel('Déposé le').fill(new Date().toLocaleDateString('fr-FR', { timeZone: 'Europe/Paris' }));
  await funders.getByLabel('Déposé le').press('Tab');
  await save(page);
  await forward(page, 'Demandes déposées', 'En attente de financement');
  await funders.getByLabel('Montant accordé HT').fill('3 000');
  await funders.getByLabel('N° de prise en charge').fill('PEC-2026-77');
  await funders.getByLabel('Subrogation').click();
  await page.getByLabel('Part de l’entreprise HT').fill('2 000');
  await page.getByLabel('Part de l’entreprise HT').press('Tab');
  await save(page);
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Valider le financement/ })
    .click();
  await expect(page.getByRole('menuitem').filter({ hasText: /Il manque 1,00/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByLabel('Part de l’entreprise HT').fill('2 001');
  await page.getByLabel('Part de l’entreprise HT').press('Tab');
  await save(page);
  await forward(page, 'Valider le financement', 'Planification en cours');
  await fillPlanning(page);
  await forward(page, 'Valider le planning', 'Documents en cours');
  await tickDocuments(page);
  await forward(page, 'Prêt pour la formation', 'Facturation en cours');

  // There are two invoices: one for the OPCO with its number, and one for the company with the rest.
  const invoices = page.getByRole('group', { name: /^Factures/ });
  await expect(invoices.getByRole('button', { name: /^Modifier Brouillon/ })).toHaveCount(2);
  await issue(page);
  await expect(invoices.getByText('PEC-2026-77')).toBeVisible();
  await expect(invoices.getByText('OPCO 2i')).toBeVisible();
  const numbers = (await invoices.getByText(/^F\d{4}-\d{5}$/).allTextContents()).map((text) => text.trim());
  expect(numbers).toHaveLength(2);
  const [opco, company] = numbers;

  // With two unpaid invoices the user must choose one. After a partial payment the rest is still due.
  const name = 'Enregistrer un règlement';
  await page.getByRole('main').getByRole('button', { name, exact: true }).click();
  const dialog = page.getByRole('dialog', { name });
  await dialog.getByLabel('Mode').selectOption({ label: 'OPCO' });
  await dialog.getByRole('button', { name, exact: true }).click();
  await expect(dialog.getByRole('combobox', { name: 'Facture' })).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page, 'a payment without its invoice');
  await dialog.getByRole('button', { name: 'Fermer' }).click();
  await pay(page, 'Facturé', { invoice: opco, amount: '1 000', mode: 'OPCO' });
  const payments = page.getByRole('group', { name: /^Règlements/ });
  await expect(payments.getByText(/^1\s000,00\s€$/).first()).toBeVisible();
  await pay(page, 'Facturé', { invoice: opco, mode: 'OPCO' });
  await expect(payments.getByText(/^2\s000,00\s€$/).first()).toBeVisible();
  await pay(page, 'Payé', { mode: 'Chèque' });
  await expect(payments.getByText(company ?? '').first()).toBeVisible();
  await forward(page, 'Clôturer', 'Terminé');
});

test('a cheque bounces after the file is closed; a part is credited; the rest is paid', async ({ page }) => {
  test.setTimeout(240_000);
  await signIn(page, 'responsable');
  await toSentQuote(page, `Impayé ${Date.now()}`);
  await expect(page.getByRole('main').locator('header').getByText('Suivi par :')).toBeVisible();
  await acceptQuote(page);
  await expect(page.getByText('Aucun financeur : l’entreprise paie tout.')).toBeVisible();
  await forward(page, 'Valider le financement', 'Planification en cours');
  await fillPlanning(page);
  await forward(page, 'Valider le planning', 'Documents en cours');
  await tickDocuments(page);
  await forward(page, 'Prêt pour la formation', 'Facturation en cours');

  // The training has not taken place yet, so an invoice needs a reason.
  const name = 'Émettre les factures';
  await page.getByRole('main').getByRole('button', { name, exact: true }).click();
  const dialog = page.getByRole('dialog', { name });
  await dialog.getByRole('button', { name, exact: true }).click();
  await expect(dialog.getByText(/La formation se termine le/)).toBeVisible();
  await expectAccessible(page, 'an invoice before the end of the training');
  await dialog.getByRole('button', { name: 'Fermer' }).click();
  await issue(page);
  const invoices = page.getByRole('group', { name: /^Factures/ });
  await expect(invoices.getByText('Solde à la commande')).toBeVisible();
  await pay(page, 'Payé', { mode: 'Chèque' });
  await forward(page, 'Clôturer', 'Terminé');

  await aside(page, 'Rouvrir la facturation', 'Facturation en cours', async (asked) => {
    await asked.getByLabel('Motif').fill('Chèque impayé');
  });
  await expect(invoices.getByRole('textbox')).toHaveCount(0);
  await aside(page, 'Contre-passer un règlement', 'Facturé', async (asked) => {
    // The page has selected the only payment.
    await expect(asked.getByRole('combobox', { name: 'Règlement' })).toHaveValue('1');
    await asked.getByLabel('Motif').fill('Chèque impayé');
    await expectAccessible(page, 'a payment is reversed');
  });
  await expect(page.getByRole('group', { name: /^Règlements/ }).getByText('Chèque impayé')).toBeVisible();
  await aside(page, 'Émettre un avoir', 'Facturé', async (asked) => {
    await expect(asked.getByRole('combobox', { name: 'Facture à corriger' })).not.toHaveValue('');
    await asked.getByLabel('HT exonéré à déduire').fill('1 001');
    await asked.getByLabel('Motif').fill('Heures non réalisées');
  });
  await expect(invoices.getByText(/^A\d{4}-\d{5}$/)).toBeVisible();
  await pay(page, 'Payé', { mode: 'Virement' });
  await expect(
    page
      .getByRole('group', { name: /^Règlements/ })
      .getByText(/^4\s000,00\s€$/)
      .first(),
  ).toBeVisible();
  await forward(page, 'Clôturer', 'Terminé');
});
