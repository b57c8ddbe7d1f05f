/** The steps of the relay in the browser. The labels come from the workflow plugin. */
import { Locator, Page, expect } from '@playwright/test';
import { expectToast, mondayAhead, ownMonday } from './app';

/** Creates an opportunité for the first company found. Returns its address. */
export async function createOpportunite(page: Page, title: string): Promise<string> {
  await page.goto('/opportunites/nouvelle');
  await page.getByLabel('Entreprise').pressSequentially('in', { delay: 30 });
  await page.getByRole('listbox').getByRole('option').first().click();
  await page.getByLabel('Intitulé').fill(title);
  await page.getByLabel('Budget estimé HT').fill('3 000,50');
  // The first section needs these values, and they are known already.
  await page.getByLabel('Nombre de participants').fill('8');
  await page.getByRole('button', { name: 'Créer l’opportunité' }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  return new URL(page.url()).pathname;
}

export async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expectToast(page, 'Modifications enregistrées');
}

/** Makes a move that has its own button: forward, or the other answer to the question. `status` is the new status. */
export async function forward(
  page: Page,
  name: string,
  status: string,
  answer?: (dialog: Locator) => Promise<void>,
): Promise<void> {
  await page.getByRole('main').getByRole('button', { name, exact: true }).click();
  if (answer) await confirm(page, name, answer);
  await expectStatus(page, status);
}

/** Makes a move from the menu. `answer` fills in its form. */
export async function aside(
  page: Page,
  name: string,
  status: string,
  answer?: (dialog: Locator) => Promise<void>,
): Promise<void> {
  await page.getByRole('button', { name: 'Autres actions' }).click();
  await page.getByRole('menuitem', { name, exact: true }).click();
  if (answer) await confirm(page, name, answer);
  await expectStatus(page, status);
}

async function confirm(page: Page, name: string, answer: (dialog: Locator) => Promise<void>): Promise<void> {
  const dialog = page.getByRole('dialog', { name });
  await answer(dialog);
  await dialog.getByRole('button', { name, exact: true }).click();
  await expect(dialog).toBeHidden();
}

export async function expectStatus(page: Page, status: string): Promise<void> {
  await expect(page.getByRole('main').locator('header').getByText(status, { exact: true })).toBeVisible();
}

export async function fillCollecte(page: Page): Promise<void> {
  await page.getByRole('tab', { name: /Collecte/ }).click();
  await page
    .getByRole('group', { name: /Contacts/ })
    .getByRole('button', { name: 'Ajouter une ligne' })
    .click();
  await page.getByRole('textbox', { name: 'Nom', exact: true }).fill('Anne Leroy');
  await page.getByRole('textbox', { name: 'Courriel' }).fill('a.leroy@exemple.fr');
  await page.getByLabel('Objectifs de la formation').fill('Souder en autonomie, procédé TIG.');
  await expect(page.getByLabel('Nombre de participants')).toHaveValue('8');
  await page.getByLabel('Début souhaité').fill(mondayAhead(40));
  await page.getByLabel('Début souhaité').press('Tab');
  await save(page);
}

export async function fillDevis(page: Page): Promise<void> {
  await page
    .getByRole('group', { name: /Lignes/ })
    .getByRole('button', { name: 'Ajouter une ligne' })
    .click();
  await page.getByRole('combobox', { name: 'Libellé' }).fill('Soudage TIG');
  await page.getByRole('textbox', { name: 'Quantité' }).fill('4');
  await page.getByRole('textbox', { name: 'Quantité' }).press('Tab');
  await page.getByRole('textbox', { name: 'Prix unitaire HT' }).fill('1 250,25');
  await page.getByRole('textbox', { name: 'Prix unitaire HT' }).press('Tab');
  await save(page);
  await expect(
    page
      .getByRole('tabpanel')
      .getByText(/5\s001,00\s€/)
      .first(),
  ).toBeVisible();
}

export async function fillPlanning(page: Page): Promise<void> {
  await page.getByLabel('N° de session').fill(`S-${Date.now() % 100_000}`);
  const sessions = page.getByRole('group', { name: /Demi-journées/ });
  const day = ownMonday();
  await sessions.getByLabel('Du', { exact: true }).fill(day);
  await sessions.getByLabel('Du', { exact: true }).press('Tab');
  await sessions.getByRole('button', { name: 'Ajouter ces demi-journées' }).click();
  const trainers = sessions.getByRole('combobox', { name: 'Formateur' });
  await expect(trainers).toHaveCount(2);
  for (const trainer of await trainers.all()) await trainer.selectOption({ index: 1 });
  for (const reason of await sessions.getByRole('textbox', { name: 'Motif si jour férié' }).all())
    await reason.fill('Accord du client');
  await save(page);
}

export async function tickDocuments(page: Page): Promise<void> {
  const papers = page.getByRole('group', { name: /Pièces réunies/ });
  await expect(papers).toBeVisible();
  const boxes = await papers.getByRole('checkbox').all();
  for (const paper of boxes) await paper.check();
  // A tick without a file needs a reason. Its field is drawn after the tick.
  const reasons = papers.getByLabel('Motif sans fichier');
  await expect(reasons).toHaveCount(boxes.length);
  for (const reason of await reasons.all()) await reason.fill('Au dossier papier');
  await save(page);
}

/** Creates an opportunité and moves it on until the quote is sent to the customer. */
export async function toSentQuote(page: Page, title: string): Promise<void> {
  await createOpportunite(page, title);
  await fillCollecte(page);
  await forward(page, 'Soumettre pour validation', 'En attente de validation');
  await forward(page, 'Valider', 'Devis en cours');
  await fillDevis(page);
  await forward(page, 'Envoyer le devis', 'Devis envoyé');
}

export async function acceptQuote(page: Page): Promise<void> {
  await forward(page, 'Devis accepté', 'Montage en cours', async (dialog) => {
    await dialog.getByLabel('Signataire').fill('Anne Leroy');
  });
}

/** Chooses the row that contains this text. */
export async function choose(dialog: Locator, name: string, part: string): Promise<void> {
  const field = dialog.getByRole('combobox', { name });
  const value = await field.locator('option', { hasText: part }).getAttribute('value');
  await field.selectOption(value);
}

/** Issues all invoices. The training has not taken place yet, so this needs a reason. */
export async function issue(page: Page): Promise<void> {
  await forward(page, 'Émettre les factures', 'Facturé', async (dialog) => {
    await dialog.getByLabel('Motif si la formation n’est pas terminée').fill('Solde à la commande');
  });
}

export async function pay(
  page: Page,
  status: string,
  fields: { invoice?: string; amount?: string; mode: string },
): Promise<void> {
  await forward(page, 'Enregistrer un règlement', status, async (dialog) => {
    if (fields.invoice) await choose(dialog, 'Facture', fields.invoice);
    if (fields.amount) await dialog.getByLabel('Montant TTC').fill(fields.amount);
    await dialog.getByLabel('Mode').selectOption({ label: fields.mode });
  });
}
