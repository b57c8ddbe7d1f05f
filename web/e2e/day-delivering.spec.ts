/**
 * The days of those who plan and bill, from what the start page says to what the next person finds on theirs. The day of
 * the assistante is in `days.spec.ts`; lists of pieces, reminders and files for the accountant in `facturation.spec.ts`.
 */
import { expect } from '@playwright/test';
import { expectAccessible, mondayAhead, ownMonday, person, signIn, test } from './support/app';
import { forward, issue, pay, save } from './support/chain';
import { dossier, findWaiting, iso, takeUp, waiting } from './support/day';

test('the day of a planificateur: half-days, one trainer for all, the board', async ({ page, browser, request }) => {
  const file = await dossier(request, `Planning ${String(Date.now()).slice(-6)}`, 'planification');
  await signIn(page, 'planificateur');
  await takeUp(page, file, /^Valider le planning/);
  await expect(page.getByRole('region', { name: 'En bref' })).toContainText(mondayAhead(40));
  await page.getByLabel('N° de session').fill(`S-${file.numero}`);
  const sessions = page.getByRole('group', { name: /Demi-journées/ });
  const first = ownMonday();
  const second = new Date(Date.parse(iso(first)) + 86_400_000).toLocaleDateString('fr-FR', { timeZone: 'UTC' });
  await sessions.getByLabel('Du', { exact: true }).fill(first);
  await sessions.getByLabel('Au', { exact: true }).fill(second);
  await sessions.getByLabel('Au', { exact: true }).press('Tab');
  await sessions.getByLabel('Week-ends et jours fériés compris').check();
  await sessions.getByRole('button', { name: 'Ajouter ces demi-journées' }).click();
  const trainers = sessions.getByRole('combobox', { name: 'Formateur' });
  await expect(trainers).toHaveCount(4);
  // The trainer and the room are chosen once.
  const share = sessions.getByRole('button', { name: 'Compléter toutes les lignes comme la première' });
  await expect(share).toHaveCount(0);
  await trainers.first().selectOption({ index: 1 });
  await sessions.getByRole('combobox', { name: 'Salle' }).first().selectOption({ index: 1 });
  await expectAccessible(page, 'half-days with one trainer chosen');
  await share.click();
  await expect(share).toHaveCount(0);
  const trainer = await trainers.first().inputValue();
  for (const one of await trainers.all()) await expect(one).toHaveValue(trainer);
  for (const reason of await sessions.getByRole('textbox', { name: 'Motif si jour férié' }).all())
    await reason.fill('Accord du client');
  await save(page);
  await forward(page, 'Valider le planning', 'Documents en cours');

  // The board shows the session in that week, and no conflict in it.
  await expect(page.getByRole('region', { name: 'Sessions' })).toContainText(`S-${file.numero}`);
  await page.goto(`/planning?date=${iso(first)}`);
  await expect(page.getByRole('grid').getByText(`S-${file.numero}`).first()).toBeVisible();
  await page.goto('/');
  await expect(waiting(page, file, /^Valider le planning/)).toHaveCount(0);
  await findWaiting(await person(browser, 'assistante'), file, /^Prêt pour la formation\s\?/);
});

test('a day of billing: issued, paid and closed, and the customer’s page counts it', async ({ page, request }) => {
  const file = await dossier(request, `Facture ${String(Date.now()).slice(-6)}`, 'facturation');
  await signIn(page, 'facturation');
  await takeUp(page, file, /^Émettre les factures/);
  await issue(page);
  const ledger = page.getByRole('group', { name: /Factures/ });
  const number = /F\d{4}-\d{5}/.exec(
    await ledger
      .getByRole('row', { name: /F20\d\d-/ })
      .first()
      .innerText(),
  )?.[0];
  expect(number).toBeDefined();

  // The same number stands in the list of pieces, with what is owed.
  await page.goto(`/facturation?q=${number ?? ''}`);
  const row = page.getByRole('table', { name: 'Pièces' }).getByRole('row').filter({ hasText: file.numero });
  await expect(row).toContainText(number ?? '');
  await expect(row.getByRole('cell').filter({ hasText: /5\s001,00\s€/ })).toHaveCount(2);

  await takeUp(page, file, /^Enregistrer un règlement/);
  await pay(page, 'Payé', { mode: 'Virement' });
  await expect(page.getByRole('region', { name: 'Suivi' })).toContainText('Enregistrer un règlement');
  await forward(page, 'Clôturer', 'Terminé');

  // Nothing waits any more, and the company's page counts what was billed.
  await page.getByRole('main').locator('a[href^="/entreprises/"]').first().click();
  const figures = page.getByRole('region', { name: 'Chiffres clés' });
  await expect(figures).toContainText(/5\s001\s€/);
  await expect(figures).toContainText('à jour');
});
