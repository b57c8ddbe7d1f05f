/** Two people change one record. The second gets a message and saves again, so that no update is lost. */
import { Locator, Page, expect } from '@playwright/test';
import { expectAccessible, expectToast, freshSiret, person, signIn, test } from './support/app';
import { createOpportunite, expectStatus, fillCollecte, forward, save } from './support/chain';

test('what each has changed of an opportunité is there in the end', async ({ browser }) => {
  test.setTimeout(120_000);
  const commercial = await person(browser, 'commercial');
  const title = `Course ${Date.now()}`;
  const path = await createOpportunite(commercial, title);
  const responsable = await person(browser, 'responsable');
  await responsable.goto(path);
  await responsable.getByRole('button', { name: 'Modifier l’opportunité' }).click();
  const dialog = responsable.getByRole('dialog', { name: 'Modifier l’opportunité' });
  await dialog.getByLabel('Type de formation').selectOption({ label: 'Individuelle' });
  await dialog.getByLabel('Budget estimé HT').fill('4 000');

  await commercial.getByRole('button', { name: 'Modifier l’opportunité' }).click();
  await commercial.getByLabel('Intitulé').fill(`${title} bis`);
  await commercial.getByLabel('Budget estimé HT').fill('3 500');
  await commercial.getByRole('button', { name: 'Enregistrer', exact: true }).last().click();
  await expectToast(commercial, 'Modifications enregistrées');

  await dialog.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('Quelqu’un d’autre a enregistré entre-temps');
  await expect(dialog.getByRole('alert')).toContainText('repris ici : Intitulé');
  await expect(dialog.getByRole('alert')).toContainText('Changé par vous deux : Budget estimé HT');
  await expect(dialog.getByLabel('Intitulé')).toHaveValue(`${title} bis`);
  await expect(dialog.getByLabel('Type de formation')).toHaveValue('individuelle');
  await expectAccessible(responsable, 'edit dialog after a lost race');
  await dialog.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expect(dialog).toBeHidden();

  await commercial.reload();
  await expect(commercial.getByRole('heading', { level: 1, name: `${title} bis` })).toBeVisible();
  const facts = commercial.getByRole('region', { name: 'En bref' });
  await expect(facts.getByText('Individuelle', { exact: true })).toBeVisible();
  await expect(facts.getByText(/4\s000,00\s€/)).toBeVisible();
});

test('a move on a record that somebody else has changed goes through at the second click', async ({ browser }) => {
  test.setTimeout(120_000);
  const commercial = await person(browser, 'commercial');
  const path = await createOpportunite(commercial, `Coup ${Date.now()}`);
  await fillCollecte(commercial);
  const responsable = await person(browser, 'responsable');
  await responsable.goto(path);
  await expectStatus(responsable, 'Collecte en cours');

  // The test makes a move without a form, and a move with a form.
  await commercial.getByLabel('Remarques').fill('Précision de dernière minute');
  await save(commercial);
  const submit = responsable.getByRole('main').getByRole('button', { name: 'Soumettre pour validation', exact: true });
  await submit.click();
  await expect(responsable.getByText('Rien n’a été fait')).toBeVisible();
  await expect(responsable.getByLabel('Remarques')).toHaveValue('Précision de dernière minute');
  await forward(responsable, 'Soumettre pour validation', 'En attente de validation');

  const manager = await person(browser, 'manager');
  await manager.goto(path);
  await manager.getByRole('main').getByRole('button', { name: 'Rejeter', exact: true }).click();
  const dialog = manager.getByRole('dialog', { name: 'Rejeter' });
  await dialog.getByLabel('Motif').fill('Dates à revoir.');
  await responsable.getByRole('button', { name: 'Modifier l’opportunité' }).click();
  await responsable.getByRole('dialog').getByLabel('Type de formation').selectOption({ label: 'Alternance' });
  await responsable.getByRole('dialog').getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expectToast(responsable, 'Modifications enregistrées');
  await dialog.getByRole('button', { name: 'Rejeter', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('Quelqu’un d’autre a enregistré entre-temps');
  await expectAccessible(manager, 'move dialog after a lost race');
  await dialog.getByRole('button', { name: 'Rejeter', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expectStatus(manager, 'Collecte en cours');

  // If the move is no longer possible, the dialog closes and the page shows the current state.
  await forward(manager, 'Soumettre pour validation', 'En attente de validation');
  await manager.getByRole('main').getByRole('button', { name: 'Rejeter', exact: true }).click();
  await dialog.getByLabel('Motif').fill('Trop tard.');
  await responsable.reload();
  await forward(responsable, 'Valider', 'Devis en cours');
  await dialog.getByRole('button', { name: 'Rejeter', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(manager.getByText('Rien n’a été fait')).toBeVisible();
  await expectStatus(manager, 'Devis en cours');
});

test('a company that two people edit keeps what both typed', async ({ browser }) => {
  test.setTimeout(120_000);
  const siret = freshSiret();
  const name = `Course ${siret.slice(0, 6)}`;
  const commercial = await person(browser, 'commercial');
  await commercial.goto('/entreprises/nouvelle');
  await commercial.getByLabel('Raison sociale').fill(name);
  await commercial.getByLabel('SIRET', { exact: true }).fill(siret);
  await commercial.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(commercial.getByRole('heading', { level: 1, name })).toBeVisible();
  const path = new URL(commercial.url()).pathname;
  const responsable = await person(browser, 'responsable');
  await responsable.goto(path);
  for (const page of [commercial, responsable]) await page.getByRole('link', { name: 'Modifier' }).click();

  await responsable.getByLabel('Notes').fill('Appeler lundi.');
  await commercial.getByLabel('Ville').fill('Creil');
  await commercial.getByRole('button', { name: 'Ajouter un contact' }).click();
  await commercial.getByRole('textbox', { name: 'Nom', exact: true }).fill('Leroy');
  await commercial.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(commercial.getByRole('heading', { level: 1, name })).toBeVisible();

  await responsable.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(responsable.getByRole('alert')).toContainText('repris ici : Adresse, Contacts');
  await expect(responsable.getByLabel('Ville')).toHaveValue('Creil');
  await expect(responsable.getByRole('textbox', { name: 'Nom', exact: true })).toHaveValue('Leroy');
  await responsable.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(responsable.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(responsable.getByRole('paragraph').filter({ hasText: 'Appeler lundi.' })).toBeVisible();
  await responsable.getByRole('tab', { name: 'Contacts' }).click();
  await expect(responsable.getByRole('tabpanel')).toContainText('Leroy');
});

const EDITORS: [name: string, path: string, open: ((page: Page) => Promise<void>) | null][] = [
  [
    'a user',
    '/utilisateurs?role=planificateur',
    (page) =>
      page
        .getByRole('button', { name: /^Modifier / })
        .first()
        .click(),
  ],
  [
    'a trainer',
    '/formateurs',
    async (page) => {
      await page.getByRole('main').getByRole('table').getByRole('link').first().click();
      await page.getByRole('button', { name: 'Modifier' }).click();
    },
  ],
  [
    'a target',
    '/pilotage?vue=objectifs',
    (page) =>
      page
        .getByRole('button', { name: /^Modifier l’objectif / })
        .first()
        .click(),
  ],
  [
    'settings of a plugin',
    '/plugins/workflow-afpi',
    (page) =>
      page
        .getByRole('button', { name: /^Configurer sur / })
        .first()
        .click(),
  ],
  ['settings of a connector', '/connecteurs/ypareo?vue=configuration', null],
];
for (const [name, path, open] of EDITORS) {
  test(`the form of ${name} goes through at the second click`, async ({ page, context }) => {
    await signIn(page, 'admin');
    const other = await context.newPage();
    for (const one of [page, other]) {
      await one.goto(path);
      await open?.(one);
    }
    const form = (one: Page): Locator => (open ? one.getByRole('dialog') : one.getByRole('main'));
    const send = (one: Page): Promise<void> =>
      form(one).getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await expect(form(page).getByRole('button', { name: 'Enregistrer', exact: true })).toBeEnabled();
    await send(other);
    await expectToast(other, 'Modifications enregistrées');

    await send(page);
    await expect(form(page).getByRole('alert')).toContainText('Quelqu’un d’autre a enregistré entre-temps');
    await expectAccessible(page, `the form of ${name} after a lost race`);
    await send(page);
    await expectToast(page, 'Modifications enregistrées');
    await expect(form(page).getByRole('alert')).toHaveCount(0);
  });
}
