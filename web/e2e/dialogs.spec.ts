/** A dialog with typed text does not close without a question. */
import { Page, expect } from '@playwright/test';
import { expectAccessible, signIn, test } from './support/app';

/** Every dialog with a form: its page, how to open it, and the typed text. */
const DIALOGS: [
  name: string,
  path: string,
  open: (page: Page) => Promise<void>,
  type: (page: Page) => Promise<void>,
][] = [
  [
    'a new room',
    '/salles',
    (page) => page.getByRole('button', { name: 'Nouvelle salle' }).click(),
    (page) => page.getByRole('dialog').getByLabel('Nom').fill('Atelier'),
  ],
  [
    'a new trainer',
    '/formateurs',
    (page) => page.getByRole('button', { name: 'Nouveau formateur' }).click(),
    (page) => page.getByRole('dialog').getByLabel('Nom').fill('Anne'),
  ],
  [
    'a user',
    '/utilisateurs',
    (page) =>
      page
        .getByRole('button', { name: /^Modifier / })
        .first()
        .click(),
    (page) => page.getByRole('dialog').getByLabel('Nom').fill('Anne'),
  ],
  [
    'a target',
    '/pilotage?vue=objectifs',
    (page) =>
      page
        .getByRole('button', { name: /^Modifier l’objectif / })
        .first()
        .click(),
    (page) => page.getByRole('dialog').getByRole('textbox').first().fill('12'),
  ],
  [
    'settings of a plugin',
    '/plugins/workflow-afpi',
    (page) =>
      page
        .getByRole('button', { name: /^Configurer sur / })
        .first()
        .click(),
    (page) => page.getByRole('dialog').getByRole('textbox').first().fill('7'),
  ],
  [
    'an opportunité',
    '/opportunites?issue=open',
    async (page) => {
      await page.getByRole('main').getByRole('table').getByRole('link').first().click();
      await page.getByRole('button', { name: 'Modifier l’opportunité' }).click();
    },
    (page) => page.getByRole('dialog').getByLabel('Intitulé').fill('Autre'),
  ],
  [
    'a move',
    '/opportunites?issue=open',
    async (page) => {
      await page.getByRole('main').getByRole('table').getByRole('link').first().click();
      await page.getByRole('button', { name: 'Autres actions' }).click();
      await page.getByRole('menuitem', { name: 'Annuler le dossier' }).click();
    },
    (page) => page.getByRole('dialog').getByRole('textbox').first().fill('Parce que'),
  ],
  [
    'a trusted key',
    '/plugins/cles',
    (page) => page.getByRole('button', { name: 'Ajouter une clé' }).click(),
    (page) => page.getByRole('dialog').getByLabel('Clé publique').fill('x'),
  ],
];

for (const [name, path, open, type] of DIALOGS) {
  test(`the dialog of ${name} asks before what was typed is lost`, async ({ page }) => {
    await signIn(page, 'admin');
    await page.goto(path);
    await open(page);
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog, 'nothing typed: it closes').toBeHidden();

    await page.goto(path);
    await open(page);
    await type(page);
    const ask = page.getByRole('alertdialog', { name: 'Modifications non enregistrées' });
    await page.keyboard.press('Escape');
    await expect(ask).toBeVisible();
    await expectAccessible(page, 'a question over a dialog');
    // Escape and the button both return to the form.
    await page.keyboard.press('Escape');
    await expect(ask).toBeHidden();
    await expect(dialog).toBeVisible();
    await page.mouse.click(8, 8);
    await ask.getByRole('button', { name: 'Revenir à la saisie' }).click();
    await expect(dialog).toBeVisible();
    await page.mouse.click(8, 8);
    await ask.getByRole('button', { name: 'Fermer sans enregistrer' }).click();
    await expect(dialog).toBeHidden();
  });
}
