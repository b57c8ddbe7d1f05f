/**
 * The day of an assistante: two payers, the training agreement, trainees pasted from a sheet, their invitations, their
 * attendance and their certificates. The days of the others are in `day-*.spec.ts`, that of an auditor in
 * `preuve.spec.ts`.
 */
import { Page, expect } from '@playwright/test';
import { expectAccessible, expectToast, person, test } from './support/app';
import { fillPlanning, forward, save } from './support/chain';
import { dossier, takeUp } from './support/day';
import { asAdmin } from './support/plugin-page';

/** Sends the documents of this kind to all trainees of the session, and waits for the summary. */
async function batch(page: Page, kind: string, count?: number): Promise<void> {
  await page.getByRole('button', { name: 'Envoyer des documents' }).click();
  const dialog = page.getByRole('dialog', { name: 'Envoyer à tous les stagiaires' });
  await dialog.getByRole('combobox', { name: 'Document' }).selectOption({ label: kind });
  const list = dialog.getByRole('list', { name: 'Documents prévus' });
  const chosen = list.getByRole('checkbox', { checked: true });
  await expect(chosen.first()).toBeVisible();
  if (count) await expect(chosen).toHaveCount(count);
  const all = await chosen.count();
  await dialog.getByRole('button', { name: `Créer et envoyer (${all})` }).click();
  await expect(dialog.getByRole('status')).toContainText(`Terminé : ${all} créé`, { timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Fermer' }).last().click();
  await expect(dialog).toHaveCount(0);
}

test('the day of an assistante', async ({ browser, request }) => {
  test.setTimeout(240_000);
  const stamp = String(Date.now()).slice(-6);
  const file = await dossier(request, `Journée ${stamp}`, 'montage');

  // Two payers: the OPCO's part and the company's.
  const page = await person(browser, 'assistante');
  await takeUp(page, file, /^Demandes déposées\s\?/);
  const funders = page.getByRole('group', { name: /^Financeurs/ });
  await funders.getByRole('button', { name: 'Ajouter une ligne' }).click();
  await funders.getByLabel('Payeur').selectOption({ label: 'OPCO' });
  // A company of the directory brings its SIRET, by which the invoice finds its address; its name can be another one.
  const companies = (await (await asAdmin(request)).get('/api/entreprises?q=Fonderie&limit=12')) as {
    data: { name: string; siret: string | null }[];
  };
  const known = companies.data.find(({ siret }) => siret)?.name ?? '';
  await funders.getByLabel('Organisme').fill(known);
  await page.getByRole('listbox').getByRole('option').filter({ hasText: known }).first().click();
  await expect(funders.getByLabel('SIRET')).toHaveValue(/^\d{14}$/);
  await funders.getByLabel('Organisme').fill('OPCO 2i');
  await funders.getByLabel('Montant demandé HT').fill('3 000');
  await funders.getByLabel('Déposé le').fill(new Date().toLocaleDateString('fr-FR', { timeZone: 'Europe/Paris' }));
  await funders.getByLabel('Déposé le').press('Tab');
  await save(page);
  await forward(page, 'Demandes déposées', 'En attente de financement');
  await funders.getByLabel('Montant accordé HT').fill('3 000');
  await funders.getByLabel('N° de prise en charge').fill('PEC-2026-90');
  await page.getByLabel('Part de l’entreprise HT').fill('2 001');
  await page.getByLabel('Part de l’entreprise HT').press('Tab');
  await save(page);
  const coverage = page.getByRole('table', { name: 'Couverture du devis par payeur' });
  await expect(coverage.getByRole('row', { name: /OPCO 2i/ })).toContainText(/3\s000,00\s€/);
  await expect(coverage.getByRole('row', { name: /^Entreprise/ })).toContainText(/2\s001,00\s€/);
  await forward(page, 'Valider le financement', 'Planification en cours');

  const planner = await person(browser, 'planificateur');
  await takeUp(planner, file, /^Valider le planning/);
  await fillPlanning(planner);
  await forward(planner, 'Valider le planning', 'Documents en cours');

  // Trainees come from a spreadsheet.
  await takeUp(page, file, /^Prêt pour la formation\s\?/);
  await page.getByRole('button', { name: 'Coller depuis un tableur' }).click();
  const pasted = page.getByRole('dialog', { name: 'Coller depuis un tableur' });
  const rows = ['Nom\tPrénom\tCourriel', `Arnaud${stamp}\tAnne\ta@exemple.fr`, `Bonnet${stamp}\tBilal\tb@exemple.fr`];
  await pasted.getByLabel('Lignes collées').fill(rows.join('\n'));
  await pasted.getByRole('button', { name: 'Lire les lignes' }).click();
  await pasted.getByRole('button', { name: 'Ajouter 2 stagiaires' }).click();
  await expectToast(page, '2 stagiaires ajoutés');

  // The agreement: made, seen, on its way.
  const documents = page.getByRole('region', { name: 'Documents' });
  await documents.getByText(/autres? documents?$/).click();
  const agreement = documents
    .locator('afpi-document-shelf')
    .filter({ has: page.getByText('Convention de formation', { exact: true }) });
  await agreement.getByRole('button', { name: 'Créer', exact: true }).click();
  await documents.getByText(/autres? documents?$/).click();
  await expect(agreement.getByRole('button', { name: /^Actions sur Convention/ })).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page, 'a record with its agreement');

  // The session: invitations to both, attendance by key, certificates to both.
  await page.getByRole('region', { name: 'Sessions' }).getByRole('link').first().click();
  await batch(page, 'Convocation', 2);
  const cells = page.getByRole('gridcell', { name: new RegExp(`^(Arnaud|Bonnet)${stamp} `) });
  await expect(cells).toHaveCount(4);
  for (const cell of await cells.all()) {
    await cell.focus();
    await page.keyboard.press('p');
    await expect(cell).toHaveAccessibleName(/: présent$/);
  }
  await expectAccessible(page, 'a session with its attendance');

  // Certificates are there once the training is over: for a session of the past.
  await page.getByRole('button', { name: 'Envoyer des documents' }).click();
  const dialog = page.getByRole('dialog', { name: 'Envoyer à tous les stagiaires' });
  await dialog.getByRole('combobox', { name: 'Document' }).selectOption({ label: 'Certificat de réalisation' });
  await expect(dialog.getByText('La formation n’est pas terminée')).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Fermer' }).last().click();
  await page.goto('/sessions');
  await expect(page.getByRole('table', { name: 'Sessions' })).toBeVisible();
  const past = await page.getByRole('row').evaluateAll((rows) => {
    const day = (text: string): string =>
      /(\d\d)\/(\d\d)\/(\d{4})\D*$/.exec(text)?.slice(1).reverse().join('-') ?? '9999';
    const now = new Date().toISOString().slice(0, 10);
    return rows.findIndex((row) => day(row.querySelectorAll('td')[1]?.textContent ?? '') < now);
  });
  await page.getByRole('row').nth(past).getByRole('link').first().click();
  await batch(page, 'Certificat de réalisation');
});
