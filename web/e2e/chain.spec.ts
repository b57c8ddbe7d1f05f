/** The relay from the first visit to the paid invoice. Each step is done by its role. */
import { expect } from '@playwright/test';
import { expectAccessible, mondayAhead, person, signIn, test } from './support/app';
import {
  createOpportunite,
  expectStatus,
  fillCollecte,
  fillDevis,
  fillPlanning,
  forward,
  issue,
  save,
  tickDocuments,
} from './support/chain';

test('an opportunité goes through all six sections', async ({ browser }) => {
  test.setTimeout(240_000);
  const commercial = await person(browser, 'commercial');
  const path = await createOpportunite(commercial, `Soudage TIG ${Date.now()}`);
  await expectStatus(commercial, 'Collecte en cours');

  // The page explains missing values, with a link to each field.
  await commercial
    .getByRole('main')
    .getByRole('button', { name: /^Soumettre pour validation/ })
    .click();
  await commercial.getByRole('menuitem').filter({ hasText: 'Objectifs' }).click();
  await expect(commercial.getByLabel('Objectifs de la formation')).toBeFocused();
  await expectAccessible(commercial, 'a record with what is missing');

  await fillCollecte(commercial);
  await forward(commercial, 'Soumettre pour validation', 'En attente de validation');
  await expect(commercial.getByRole('button', { name: 'Valider', exact: true })).toHaveCount(0);

  const manager = await person(browser, 'manager');
  await manager.goto(path);
  await forward(manager, 'Valider', 'Devis en cours');

  const responsable = await person(browser, 'responsable');
  await responsable.goto(path);
  await fillDevis(responsable);
  await forward(responsable, 'Envoyer le devis', 'Devis envoyé');
  await forward(responsable, 'Devis accepté', 'Montage en cours', async (dialog) => {
    await dialog.getByLabel('Signataire').fill('Anne Leroy');
  });

  const assistante = await person(browser, 'assistante');
  await assistante.goto(path);
  await assistante.getByLabel('Part de l’entreprise HT').fill('5 001');
  await save(assistante);
  // Who pays how much of the quote, above the funders.
  const coverage = assistante.getByRole('table', { name: 'Couverture du devis par payeur' });
  await expect(coverage.getByRole('row', { name: /^Entreprise/ })).toContainText(/5\s001,00\s€/);
  await expectAccessible(assistante, 'the coverage of a quote');
  await forward(assistante, 'Valider le financement', 'Planification en cours');

  const planificateur = await person(browser, 'planificateur');
  await planificateur.goto(path);
  await fillPlanning(planificateur);
  await forward(planificateur, 'Valider le planning', 'Documents en cours');

  await assistante.goto(path);
  await tickDocuments(assistante);
  await forward(assistante, 'Prêt pour la formation', 'Facturation en cours');

  const facturation = await person(browser, 'facturation');
  await facturation.goto(path);
  await issue(facturation);
  // The table of invoices offers what can be done with each of them.
  const ledger = facturation.getByRole('group', { name: /Factures/ });
  await expect(ledger.getByRole('row', { name: /F20\d\d-/ }).first()).toContainText(/5\s001,00\s€/);
  await expectAccessible(facturation, 'the table of invoices');
  await ledger.getByRole('button', { name: /^Enregistrer un règlement : F/ }).click();
  const payment = facturation.getByRole('dialog', { name: 'Enregistrer un règlement' });
  await expect(payment.getByRole('combobox', { name: 'Facture' })).toHaveValue(/^F/);
  await payment.getByLabel('Mode').selectOption({ label: 'Virement' });
  await payment.getByRole('button', { name: 'Enregistrer un règlement', exact: true }).click();
  await expectStatus(facturation, 'Payé');
  await forward(facturation, 'Clôturer', 'Terminé');

  // The history shows the whole relay.
  const history = facturation.getByRole('region', { name: 'Suivi' });
  await history.getByRole('button', { name: 'Parcours', exact: true }).click();
  for (const move of ['Soumettre pour validation', 'Valider', 'Devis accepté', 'Valider le planning', 'Clôturer']) {
    await expect(history.getByText(new RegExp(`«\\s${move}\\s»`)).first()).toBeVisible();
  }
  await expectAccessible(facturation, 'a closed record');

  // The closed opportunité keeps its content. Only its commercial can still change.
  await responsable.goto(path);
  await responsable.getByRole('button', { name: 'Modifier l’opportunité' }).click();
  const dialog = responsable.getByRole('dialog');
  await expect(dialog.getByText('Opportunité close', { exact: false })).toBeVisible();
  await expect(dialog.getByLabel('Intitulé')).toBeDisabled();
  await expect(dialog.getByLabel('Commercial')).toBeEnabled();
  await expectAccessible(responsable, 'the dialog of a closed record');
});

test('a rejection says why and returns the file; it can be suspended, resumed and cancelled', async ({ browser }) => {
  test.setTimeout(120_000);
  const commercial = await person(browser, 'commercial');
  const path = await createOpportunite(commercial, `CACES ${Date.now()}`);
  await fillCollecte(commercial);
  await forward(commercial, 'Soumettre pour validation', 'En attente de validation');

  const responsable = await person(browser, 'responsable');
  await responsable.goto(path);
  const other = async (name: string, reason: string, beside = false): Promise<void> => {
    if (beside) {
      await responsable.getByRole('main').getByRole('button', { name, exact: true }).click();
    } else {
      await responsable.getByRole('button', { name: 'Autres actions' }).click();
      await responsable.getByRole('menuitem', { name }).click();
    }
    const dialog = responsable.getByRole('dialog');
    await dialog.getByRole('button', { name, exact: true }).click();
    await expect(dialog.getByText('Ce champ est obligatoire').first()).toBeVisible();
    await expectAccessible(responsable, `${name}: dialog with an error`);
    await dialog.getByLabel('Motif').fill(reason);
    const cause = dialog.getByLabel('Raison');
    if (await cause.count()) await cause.selectOption({ label: 'Projet abandonné' });
    await dialog.getByRole('button', { name, exact: true }).click();
    await expect(dialog).toBeHidden();
  };
  // The buttons for yes and no are side by side, below the summary for the decision.
  const question = responsable.getByRole('region', { name: 'À vous de décider' });
  await expect(question).toContainText('Souder en autonomie, procédé TIG.');
  await expect(question).toContainText(/3\s000,50\s€/);
  await expectAccessible(responsable, 'a decision');
  await other('Rejeter', 'Préciser les dates souhaitées.', true);
  await expectStatus(responsable, 'Collecte en cours');
  await expect(question).toHaveCount(0);
  // The next reader sees the person and the reason at the top.
  await commercial.goto(path);
  await expect(commercial.getByText(/^Renvoyé par/)).toBeVisible();
  await expect(commercial.locator('.notice').getByText('Préciser les dates souhaitées.')).toBeVisible();

  await other('Mettre en attente', 'Le client part en congés.');
  await expectStatus(responsable, 'En attente');
  // The relay shows the section where it was suspended.
  await expect(responsable.getByRole('tab', { name: /Collecte/ })).toContainText('En attente');
  await forward(responsable, 'Reprendre', 'Collecte en cours');
  await other('Annuler le dossier', 'Projet abandonné.');
  await expectStatus(responsable, 'Annulé');
  await expect(responsable.getByRole('button', { name: 'Autres actions' })).toHaveCount(0);
});

test('a step is saved and submitted in one go, or says what is missing', async ({ page }) => {
  await signIn(page, 'commercial');
  await createOpportunite(page, `D’un trait ${Date.now()}`);
  await page.getByLabel('Objectifs de la formation').fill('Souder en autonomie.');
  const both = page.getByRole('button', { name: /^Enregistrer, puis «\sSoumettre/ });
  await both.click();
  // The values are saved. The first missing field has the focus, and every missing field has a message.
  await expect(page.getByText('Modifications non enregistrées')).toHaveCount(0);
  await expect(page.getByRole('tabpanel').getByText('Un contact avec un courriel ou un téléphone')).toBeVisible();
  await expect(page.getByLabel('Début souhaité')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page, 'what is missing, at its fields');
  await page
    .getByRole('group', { name: /Contacts/ })
    .getByRole('button', { name: 'Ajouter une ligne' })
    .click();
  await page.getByRole('textbox', { name: 'Nom', exact: true }).fill('Anne Leroy');
  await page.getByRole('textbox', { name: 'Courriel' }).fill('a.leroy@exemple.fr');
  await page.getByLabel('Début souhaité').fill(mondayAhead(40));
  await both.click();
  await expectStatus(page, 'En attente de validation');
});

test('a move taken with unsaved work can save it first', async ({ page }) => {
  await signIn(page, 'commercial');
  await createOpportunite(page, `Avant ${Date.now()}`);
  await fillCollecte(page);
  await page.getByLabel('Remarques').fill('à ne pas perdre');
  await page.getByRole('main').getByRole('button', { name: 'Soumettre pour validation', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Enregistrer et continuer' }).click();
  await expectStatus(page, 'En attente de validation');
  await expect(page.getByRole('tabpanel').getByText('à ne pas perdre')).toBeVisible();
});

test('two people on one file: the second is told what changed and chooses', async ({ browser }) => {
  test.setTimeout(120_000);
  const commercial = await person(browser, 'commercial');
  const path = await createOpportunite(commercial, `Conflit ${Date.now()}`);
  const responsable = await person(browser, 'responsable');
  await responsable.goto(path);
  await expect(responsable.getByLabel('Remarques')).toBeVisible();

  await commercial.getByLabel('Remarques').fill('Version du commercial');
  await save(commercial);
  await responsable.getByLabel('Remarques').fill('Version du responsable');
  await responsable.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  const dialog = responsable.getByRole('dialog', { name: 'Modifié entre-temps' });
  await expect(dialog.getByText('Version du commercial')).toBeVisible();
  await expectAccessible(responsable, 'conflict dialog');
  await dialog.getByRole('button', { name: 'Enregistrer ma saisie' }).click();
  await expect(dialog).toBeHidden();
  await expect(responsable.getByText('Modifications non enregistrées')).toHaveCount(0);
  await commercial.reload();
  await expect(commercial.getByLabel('Remarques')).toHaveValue('Version du responsable');
});
