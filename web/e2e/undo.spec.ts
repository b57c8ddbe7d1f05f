/** « Annuler » in the toast undoes the last action: a move, a saved section, or the change of a record. */
import { Page, expect } from '@playwright/test';
import { expectAccessible, expectToast, person, signIn, test } from './support/app';
import { createOpportunite, expectStatus, fillCollecte, forward, save } from './support/chain';

const undo = (page: Page) => page.locator('afpi-toasts').getByRole('button', { name: /^Annuler/ });

test('a move is taken back by its toast, with the mouse and with Ctrl+Z', async ({ browser }) => {
  test.setTimeout(120_000);
  const page = await person(browser, 'commercial');
  await createOpportunite(page, `Retour ${Date.now()}`);
  await fillCollecte(page);
  await forward(page, 'Soumettre pour validation', 'En attente de validation');
  await expect(undo(page)).toHaveAccessibleName(/Reprendre la saisie/);
  await expectAccessible(page, 'a move that can be undone');
  await undo(page).click();
  await expectStatus(page, 'Collecte en cours');
  await expect(undo(page)).toHaveCount(0);

  await forward(page, 'Soumettre pour validation', 'En attente de validation');
  await expect(undo(page)).toBeVisible();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('Control+z');
  await expectStatus(page, 'Collecte en cours');
});

test('what was saved of a step is taken back, unless somebody else has saved since', async ({ browser }) => {
  test.setTimeout(120_000);
  const page = await person(browser, 'commercial');
  const path = await createOpportunite(page, `Repentir ${Date.now()}`);
  await page.getByLabel('Remarques').fill('Première version');
  await save(page);
  await page.getByLabel('Remarques').fill('Seconde version');
  await save(page);
  await undo(page).click();
  await expectToast(page, 'Modifications annulées');
  await expect(page.getByLabel('Remarques')).toHaveValue('Première version');
  await page.reload();
  await expect(page.getByLabel('Remarques')).toHaveValue('Première version');

  await page.getByLabel('Remarques').fill('Troisième version');
  await save(page);
  const other = await person(browser, 'responsable');
  await other.goto(path);
  await other.getByLabel('Objectifs de la formation').fill('Souder');
  await save(other);
  await undo(page).click();
  await expectToast(page, 'rien n’a été annulé');
  await expect(page.getByLabel('Remarques')).toHaveValue('Troisième version');
  await expect(page.getByLabel('Objectifs de la formation')).toHaveValue('Souder');
});

test('a record that was changed in a dialog goes back to what it was', async ({ page }) => {
  const name = `Salle ${Date.now()}`;
  await signIn(page, 'planificateur');
  await page.goto('/salles');
  await page.getByRole('button', { name: 'Nouvelle salle' }).click();
  await page.getByRole('dialog').getByLabel('Nom').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
  await page.goto(`/salles?q=${encodeURIComponent(name)}`);
  await page.getByRole('button', { name: `Modifier ${name}` }).click();
  await page.getByRole('dialog').getByLabel('Capacité').fill('14');
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('cell', { name: '14' })).toBeVisible();
  await undo(page).click();
  await expectToast(page, 'Modifications annulées');
  await expect(page.getByRole('cell', { name: '14' })).toHaveCount(0);
});
