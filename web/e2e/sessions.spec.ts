/** Trainees of an opportunité, typed and pasted, their attendance at its session, and a session that a person plans. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, ownMonday, signIn, test } from './support/app';

test('trainees are typed, pasted and noted as present', async ({ page }) => {
  const stamp = String(Date.now()).slice(-6);
  await signIn(page, 'responsable');
  await page.goto('/sessions?status=confirmee');
  await expect(page.getByRole('heading', { level: 1, name: 'Sessions' })).toBeVisible();
  await expectAccessible(page, 'sessions');
  await page.getByRole('table', { name: 'Sessions' }).getByRole('link').first().click();
  const files = page.getByRole('region', { name: 'Opportunités' });
  await files.getByRole('link').first().click();

  // One typed line, by keyboard.
  const line = page.getByRole('form', { name: 'Nouveau stagiaire' });
  await line.getByLabel('Nouveau stagiaire Nom', { exact: true }).fill(`Typé${stamp}`);
  await line.getByLabel('Nouveau stagiaire Nom', { exact: true }).press('Enter');
  await expect(line.getByRole('alert')).toBeVisible();
  await line.getByLabel('Prénom').fill('Zoé');
  await line.getByLabel('Prénom').press('Enter');
  await expectToast(page, `Typé${stamp} Zoé ajouté`);
  await expect(line.getByLabel('Nouveau stagiaire Nom', { exact: true })).toBeFocused();

  // Rows of a spreadsheet, one of them wrong and one a duplicate.
  await page.getByRole('button', { name: 'Coller depuis un tableur' }).click();
  const dialog = page.getByRole('dialog', { name: 'Coller depuis un tableur' });
  const rows = [
    'Nom\tPrénom\tNaissance',
    `Collé${stamp}\tAnne\t02/01/1990`,
    `Faux${stamp}\tAli\t31/02/1990`,
    `TYPE${stamp}\tZoe\t`,
  ];
  await dialog.getByLabel('Lignes collées').fill(rows.join('\n'));
  await dialog.getByRole('button', { name: 'Lire les lignes' }).click();
  await expect(dialog.getByText('Ce n’est pas une date').or(dialog.getByText("Ce n'est pas une date"))).toBeVisible();
  await expect(dialog.getByText(`Semble être Typé${stamp} Zoé`)).toBeVisible();
  await expectAccessible(page, 'pasted rows');
  await dialog.getByRole('button', { name: 'Ajouter 1 stagiaire' }).click();
  await expectToast(page, '1 stagiaire ajouté');
  await expect(page.getByRole('table', { name: 'Stagiaires' }).getByText(`Collé${stamp}`)).toBeVisible();
  await expectAccessible(page, 'trainees of an opportunité');

  // The session knows them; letters note the attendance.
  await page.getByRole('region', { name: 'Sessions' }).getByRole('link').first().click();
  const cell = page.getByRole('gridcell', { name: new RegExp(`^Collé${stamp} Anne, `) }).first();
  await cell.focus();
  await page.keyboard.press('p');
  await expect(cell).toHaveAccessibleName(/: présent$/);
  await cell.focus();
  await page.keyboard.press('r');
  await expect(cell).toHaveAccessibleName(/: en retard$/);
  await page.getByLabel(`Retard de Collé${stamp} Anne (minutes)`).fill('20');
  await page.keyboard.press('Tab');
  await expect(cell).toContainText('20');
  await expectAccessible(page, 'session');
});

test('a session is planned before it has opportunités', async ({ page }) => {
  const numero = `S-${Date.now()}`;
  await signIn(page, 'planificateur');
  await page.goto('/sessions');
  await page.getByRole('button', { name: 'Nouvelle session' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Numéro').fill(numero);
  await dialog.getByLabel('Intitulé').fill('Soudage TIG, groupe ouvert');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('planifiez-les')).toBeVisible();

  await page.getByRole('button', { name: 'Planifier les demi-journées' }).click();
  await dialog.getByRole('button', { name: 'Ajouter une ligne' }).click();
  await dialog.getByLabel('Jour', { exact: true }).fill(ownMonday());
  await dialog.getByLabel('Demi-journée', { exact: true }).selectOption({ label: 'Matin' });
  await dialog.getByLabel('Formateur', { exact: true }).selectOption({ index: 1 });
  await expectAccessible(page, 'half-days of a session');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog).toHaveCount(0);
  const halfDays = page.getByRole('table', { name: 'Demi-journées' });
  await expect(halfDays.getByRole('row')).toHaveCount(2);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Planifier les demi-journées' }).click();
  await expectNoSideways(page, 'half-days of a session on a telephone');
});

test('trainees are found, and lead to their opportunité', async ({ page }) => {
  await signIn(page, 'assistante');
  await page.goto('/stagiaires');
  const table = page.getByRole('table', { name: 'Stagiaires' });
  const name = (await table.getByRole('cell').getByRole('button').first().innerText()).trim();
  await expectAccessible(page, 'list of trainees');
  await page.getByLabel('Nom, entreprise, e-mail…').fill(name);
  await expect(table.getByRole('button', { name }).first()).toBeVisible();
  await table.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/opportunites\//);
  await page.goto('/stagiaires');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'list of trainees on a telephone');
});
