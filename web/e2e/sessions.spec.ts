/** Trainees of an opportunité, typed and pasted, and their attendance at its session. */
import { expect } from '@playwright/test';
import { expectAccessible, expectToast, signIn, test } from './support/app';

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
