/**
 * The typed text is the stored text: key by key, in one tick, half-typed, and in the page's language, whatever the
 * browser's language.
 */
import { Page, expect } from '@playwright/test';
import { expectAccessible, expectToast, mondayAhead, person, signIn, test } from './support/app';
import { createOpportunite, fillCollecte, forward, save } from './support/chain';

/** The bar under a form that reports unsaved changes. */
const unsaved = (page: Page) => page.getByText('Modifications non enregistrées').first();

test('a date typed and saved by key is stored, the field never left', async ({ page }) => {
  await signIn(page, 'commercial');
  await createOpportunite(page, `Saisie ${Date.now()}`);
  const start = page.getByLabel('Début souhaité');
  const day = mondayAhead(40);
  await start.click();
  await page.keyboard.type(day);
  await page.keyboard.press('Control+s');
  await expectToast(page, 'Modifications enregistrées');
  await expect(start).toBeFocused();
  await expect(start).toHaveValue(day);
  await expect(unsaved(page)).toHaveCount(0);
  await page.reload();
  await expect(start).toHaveValue(day);
});

test('what is half-typed stops the save at its field and is kept', async ({ page }) => {
  await signIn(page, 'commercial');
  await createOpportunite(page, `Moitié ${Date.now()}`);
  const start = page.getByLabel('Début souhaité');
  await start.click();
  await page.keyboard.type('31/12/');
  await page.getByLabel('Remarques').fill('gardées');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Date au format jj/mm/aaaa')).toBeVisible();
  await expect(start).toBeFocused();
  await expect(start).toHaveValue('31/12/');
  await expectAccessible(page, 'a half-typed date');
  // Another section would lose the date, so the user must correct it first.
  await page.getByRole('tab', { name: /Devis/ }).click();
  await expect(page.getByRole('tab', { name: /Collecte/ })).toHaveAttribute('aria-selected', 'true');
  await expect(start).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.type('2027');
  await page.keyboard.press('Control+s');
  await expectToast(page, 'Modifications enregistrées');
  await page.reload();
  await expect(start).toHaveValue('31/12/2027');
  await expect(page.getByLabel('Remarques')).toHaveValue('gardées');

  // After « Abandonner », the typed text is gone as well.
  await start.fill('12/');
  await expect(unsaved(page)).toBeVisible();
  await page.getByRole('button', { name: 'Abandonner' }).click();
  await expect(start).toHaveValue('31/12/2027');
});

test('the key that saves works in a dialog and in a form, and saves nothing beneath', async ({ page }) => {
  await signIn(page, 'commercial');
  const title = `Touche ${Date.now()}`;
  await createOpportunite(page, title);
  await page.getByLabel('Remarques').fill('en cours');
  await page.getByRole('button', { name: 'Modifier l’opportunité' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Budget estimé HT').fill('4 321,50');
  await page.keyboard.press('Control+s');
  await expect(dialog).toBeHidden();
  await expect(
    page
      .getByRole('main')
      .getByText(/4\s321,50\s€/)
      .first(),
  ).toBeVisible();
  await expect(unsaved(page)).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(unsaved(page)).toHaveCount(0);

  await page.goto('/opportunites/nouvelle');
  await page.getByLabel('Intitulé').fill('Sans entreprise');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Ce champ est obligatoire').first()).toBeVisible();
});

test('two changes of a row in one tick are both stored', async ({ page }) => {
  await signIn(page, 'commercial');
  await createOpportunite(page, `Ligne ${Date.now()}`);
  await page
    .getByRole('group', { name: /Contacts/ })
    .getByRole('button', { name: 'Ajouter une ligne' })
    .click();
  const name = page.getByRole('textbox', { name: 'Nom', exact: true });
  await name.evaluate((field) => {
    const row = field.closest('[data-row]');
    const decides = row?.querySelector<HTMLInputElement>('input[type=checkbox]');
    (field as HTMLInputElement).value = 'Anne Leroy';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    decides?.click();
  });
  await save(page);
  await page.reload();
  await expect(name).toHaveValue('Anne Leroy');
  await expect(page.getByRole('checkbox', { name: 'Décide' })).toBeChecked();
});

test('French numbers are French under an English browser, and the other way round', async ({ browser }) => {
  test.setTimeout(120_000);
  const page = await person(browser, 'responsable', { locale: 'en-US' });
  await createOpportunite(page, `Nombres ${Date.now()}`);
  await fillCollecte(page);
  await forward(page, 'Soumettre pour validation', 'En attente de validation');
  await forward(page, 'Valider', 'Devis en cours');
  const lines = page.getByRole('group', { name: /Lignes/ });
  await lines.getByRole('button', { name: 'Ajouter une ligne' }).click();
  await lines.getByRole('combobox', { name: 'Libellé' }).fill('Soudage TIG');
  const [count, price] = [
    lines.getByRole('textbox', { name: 'Quantité' }),
    lines.getByRole('textbox', { name: 'Prix unitaire HT' }),
  ];
  await expect(lines.locator('input[type=number]')).toHaveCount(0);
  await count.fill('1,5');
  await count.hover();
  await page.mouse.wheel(0, 200);

  for (const [text, reason] of [
    ['0,195', '2 décimales au plus'],
    ['12,345', '2 décimales au plus'],
    ['1234,567', '2 décimales au plus'],
    ['12.50', 'La virgule sépare les décimales'],
  ] as const) {
    await price.fill(text);
    await page.keyboard.press('Control+s');
    await expect(lines.getByRole('alert')).toContainText(reason);
    await expect(price).toHaveValue(text);
    await expect(price).toBeFocused();
  }
  await price.fill('');
  // The point of a number pad becomes a comma.
  await price.pressSequentially('1 234.5');
  await expect(price).toHaveValue('1 234,5');
  await page.keyboard.press('Control+s');
  await expectToast(page, 'Modifications enregistrées');
  await page.reload();
  await expect(count).toHaveValue('1,5');
  await expect(price).toHaveValue(/^1\s234,50$/);
  await expect(
    page
      .getByRole('tabpanel')
      .getByText(/1\s851,75\s€/)
      .first(),
  ).toBeVisible();

  await page.getByRole('button', { name: /^Mon compte/ }).click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  const amount = page.getByRole('textbox', { name: 'Unit price excl. VAT' });
  await expect(amount).toHaveValue('1,234.50');
  await amount.fill('12,345');
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('status').filter({ hasText: 'Changes saved' }).first()).toBeVisible();
  await page.reload();
  await expect(amount).toHaveValue('12,345.00');
});

test('what blocks a move is listed as it is now', async ({ page }) => {
  await signIn(page, 'commercial');
  await createOpportunite(page, `Manque ${Date.now()}`);
  const submit = page.getByRole('main').getByRole('button', { name: /^Soumettre pour validation/ });
  await submit.click();
  await expect(page.getByRole('menuitem')).toHaveCount(3);
  await page.getByRole('menuitem').filter({ hasText: 'Objectifs' }).click();
  const aims = page.getByLabel('Objectifs de la formation');
  await expect(aims).toBeFocused();
  await expect(aims).toHaveAttribute('aria-invalid', 'true');
  // A field's message disappears when its value changes.
  await aims.fill('Souder en autonomie.');
  await expect(aims).not.toHaveAttribute('aria-invalid', 'true');
  await save(page);
  await expect(submit).toContainText('2');
  await submit.click();
  await expect(page.getByRole('menuitem')).toHaveCount(2);
});
