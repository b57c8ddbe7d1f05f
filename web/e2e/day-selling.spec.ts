/**
 * The days of those who sell, as they go through them: from what the start page says to what the next person finds on
 * theirs. The commercial, the manager, the responsable commercial.
 */
import { expect } from '@playwright/test';
import { expectAccessible, expectToast, freshSiret, mondayAhead, person, signIn, test } from './support/app';
import { acceptQuote, expectStatus, fillDevis, forward } from './support/chain';
import { dossier, findWaiting, takeUp, waiting } from './support/day';

test('the day of a commercial: a company by its SIRET, a contact, a need, handed over', async ({ page, browser }) => {
  const siret = freshSiret();
  const name = `Chaudronnerie ${siret.slice(0, 9)}`;
  await signIn(page, 'commercial');
  const menu = page.getByRole('navigation').first();
  await menu.getByRole('link', { name: 'Entreprises' }).click();
  await page.getByRole('link', { name: 'Nouvelle entreprise' }).click();

  // The first field takes the number, too: it is what stands on the paper.
  await page.getByLabel('Raison sociale').pressSequentially(siret);
  await expect(page.getByLabel('Raison sociale')).toHaveValue('');
  await expect(page.getByLabel('SIRET', { exact: true })).toHaveValue(/^\d{3} \d{3} \d{3} \d{5}$/);
  await expect(page.getByLabel('N° de TVA')).toHaveValue(new RegExp(`^FR\\d\\d${siret.slice(0, 9)}$`));
  await page.getByLabel('Raison sociale').fill(name);
  await page.getByLabel('Ville').fill('Saint-Quentin');
  await page.getByRole('button', { name: 'Ajouter un contact' }).click();
  await page.getByRole('textbox', { name: 'Prénom' }).fill('Anne');
  await page.getByRole('textbox', { name: 'Nom', exact: true }).fill('Leroy');
  await page.getByLabel('E-mail').last().fill('a.leroy@exemple.fr');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();

  // The opportunité begins on the page of the company.
  await page.getByRole('link', { name: 'Nouvelle opportunité' }).first().click();
  await expect(page.getByLabel('Entreprise')).toHaveValue(name);
  const title = `Soudage ${siret.slice(0, 9)}`;
  await page.getByLabel('Intitulé').fill(title);
  await page.getByLabel('Budget estimé HT').fill('4 200');
  await page.getByLabel('Nombre de participants').fill('8');
  await page.getByLabel('Début souhaité').fill(mondayAhead(40));
  await page.getByRole('button', { name: 'Créer l’opportunité' }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  const numero = /OPP-\d{4}-\d{5}/.exec(await page.getByRole('main').locator('header').first().innerText())?.[0] ?? '';
  const file = { id: '', numero, title };

  // The contact of the company is chosen, not typed again.
  await page.getByRole('button', { name: 'Choisir un contact' }).click();
  await page.getByRole('menuitem', { name: 'Anne Leroy' }).click();
  await expect(page.getByRole('textbox', { name: 'Courriel' })).toHaveValue('a.leroy@exemple.fr');
  await page.getByLabel('Objectifs de la formation').fill('Souder en autonomie, procédé TIG.');
  await page.getByLabel('Besoin lié à un handicap').fill('Accès de plain-pied');
  const tasks = page.getByRole('region', { name: 'Tâches' });
  await tasks.getByPlaceholder('Nouvelle tâche').fill(`Rappeler ${name}`);
  await tasks.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(tasks.getByRole('listitem').filter({ hasText: `Rappeler ${name}` })).toBeVisible();
  await page.getByRole('button', { name: /^Enregistrer, puis «\sSoumettre/ }).click();
  await expectStatus(page, 'En attente de validation');
  await expect(page.getByRole('region', { name: 'Suivi' })).toContainText('Soumettre pour validation');

  // It has left the hands of the commercial; the task stays in them. The manager has it.
  await page.goto('/');
  await expect(page.getByRole('region', { name: 'Mes tâches' })).toContainText(`Rappeler ${name}`);
  await expect(waiting(page, file, /^Soumettre/)).toHaveCount(0);
  await findWaiting(await person(browser, 'manager'), file, /^Valider\s/);
});

test('the day of a manager: decides, sees the team, and sets a target', async ({ page, browser, request }) => {
  const stamp = String(Date.now()).slice(-6);
  const file = await dossier(request, `Encadrement ${stamp}`, 'validation');
  await signIn(page, 'manager');
  await takeUp(page, file, /^Valider\s/);
  const question = page.getByRole('region', { name: 'À vous de décider' });
  await expect(question).toContainText('Souder en autonomie, procédé TIG.');
  await forward(page, 'Valider', 'Devis en cours');

  // The team's queue leads to the records of a section.
  await page.goto('/');
  const team = page.getByRole('region', { name: 'L’équipe' });
  await team.getByRole('link', { name: /^Devis/ }).click();
  await expect(page).toHaveURL(/\/opportunites(\/tableau)?\?.*etape=devis/);
  await expect(page.getByText(file.title).first()).toBeVisible();

  // A target for a site, which counts at once.
  await page.getByRole('navigation').first().getByRole('link', { name: 'Pilotage' }).click();
  await page.getByRole('tab', { name: 'Objectifs' }).click();
  const targets = page.getByRole('table', { name: 'Objectifs' });
  await expect(targets.getByRole('row').nth(1)).toBeVisible();
  await page.getByRole('button', { name: 'Nouvel objectif' }).click();
  const dialog = page.getByRole('dialog');
  await expectAccessible(page, 'a new target');
  await dialog.getByLabel('Indicateur').selectOption({ label: 'Opportunités créées' });
  // No figure of the page has this number.
  await dialog.getByLabel('Cible').fill('777');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog).toHaveCount(0);
  const target = targets.getByRole('row').filter({ has: page.getByRole('cell', { name: '777', exact: true }) });
  await expect(target).toHaveCount(1);
  await target.getByRole('button', { name: /^Supprimer l’objectif/ }).click();
  await expectToast(page, 'Objectif supprimé');
  await expect(target).toHaveCount(0);

  await findWaiting(await person(browser, 'responsable'), file, /^Envoyer le devis/);
});

test('the day of a responsable commercial: priced, sent, accepted', async ({ page, browser, request }) => {
  const file = await dossier(request, `Chiffrage ${String(Date.now()).slice(-6)}`, 'devis');
  await signIn(page, 'responsable');
  await takeUp(page, file, /^Envoyer le devis/);
  // What was wished stays in sight while it is priced, and the quote as its customer will see it.
  const facts = page.getByRole('region', { name: 'En bref' });
  await expect(facts).toContainText('Nombre de participants');
  await expect(facts).toContainText(mondayAhead(40));
  await fillDevis(page);
  await expect(page.getByRole('main').locator('header').first()).toContainText(/5\s001,00\s€/);
  await forward(page, 'Envoyer le devis', 'Devis envoyé');
  const number = page.getByRole('tabpanel').getByText(/^D\d{4}-\d{5}$/);
  await expect(number).toBeVisible();
  const documents = page.getByRole('region', { name: 'Documents' });
  await expect(documents.getByText(`Devis ${await number.innerText()}`)).toBeVisible({ timeout: 60_000 });

  // The answer is awaited, and home asks for it.
  await findWaiting(page, file, /^Devis accepté\s\?/);
  await expectAccessible(page, 'a start page that asks for an answer');
  await takeUp(page, file, /^Devis accepté\s\?/);
  await acceptQuote(page);
  await expect(page.getByRole('region', { name: 'Suivi' })).toContainText('Devis accepté');
  await findWaiting(await person(browser, 'assistante'), file, /^Demandes déposées\s\?/);
});
