/** Somebody is absent, and a deputy stands in. */
import { expect } from '@playwright/test';
import { expectAccessible, expectToast, person, test } from './support/app';

test('an absence is said with a deputy, who reads it at home, and it ends', async ({ browser }) => {
  test.setTimeout(120_000);
  const responsable = await person(browser, 'responsable');
  await responsable.goto('/compte');
  const deputy = (await responsable.locator('#me-title').textContent())?.trim() ?? '';
  const commercial = await person(browser, 'commercial');
  await commercial.goto('/compte');
  const absent = (await commercial.locator('#me-title').textContent())?.trim() ?? '';
  const card = commercial.getByRole('region', { name: 'Absence et remplacement' });
  await card.getByLabel('Au (inclus)').fill('2020-01-01');
  await card.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(card.getByText('Le dernier jour précède le premier.')).toBeVisible();
  await card.getByLabel('Au (inclus)').fill('2099-01-01');
  await card.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(card.getByText('Une absence dure trois ans au plus.')).toBeVisible();
  const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await card.getByLabel('Au (inclus)').fill(soon);
  await card.getByLabel('Remplacé par').selectOption({ label: deputy });
  await card.getByRole('button', { name: 'Enregistrer' }).click();
  await expectToast(commercial, 'Modifications enregistrées');
  await expectAccessible(commercial, 'the account of an absent person');
  await commercial.reload();
  await expect(card.getByLabel('Au (inclus)')).toHaveValue(soon);

  await responsable.goto('/');
  await expect(responsable.getByText(`Vous remplacez ${absent} jusqu’au`)).toBeVisible();
  await expectAccessible(responsable, 'the home of a deputy');

  await card.getByRole('button', { name: 'Je suis de retour' }).click();
  await expectToast(commercial, 'Absence terminée');
  await expect(card.getByLabel('Au (inclus)')).toHaveValue('');
  await responsable.reload();
  await expect(responsable.getByRole('heading', { level: 1, name: /^Bonjour/ })).toBeVisible();
  await expect(responsable.getByText(`Vous remplacez ${absent} jusqu’au`)).toHaveCount(0);
});

test('who looks after people sets the absence of another person, sees it, ends it and takes that back', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const planificateur = await person(browser, 'planificateur');
  await planificateur.goto('/compte');
  const absent = (await planificateur.locator('#me-title').textContent())?.trim() ?? '';
  const own = planificateur.getByRole('region', { name: 'Absence et remplacement' });
  const admin = await person(browser, 'admin');
  await admin.goto(`/utilisateurs?q=${encodeURIComponent(absent)}`);
  const open = admin.getByRole('button', { name: `Absence de ${absent}` });
  await open.click();
  const dialog = admin.getByRole('dialog', { name: `Absence de ${absent}` });
  const end = dialog.getByRole('button', { name: 'Terminer l’absence' });
  const until = dialog.getByLabel('Au (inclus)');
  await expect(until).toHaveValue('');
  await expect(end).toHaveCount(0);
  await until.fill('2020-01-01');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog.getByText('Le dernier jour précède le premier.')).toBeVisible();
  await expectAccessible(admin, 'the absence of a person, refused');
  const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await until.fill(soon);
  await dialog.getByLabel('Remplacé par').selectOption({ index: 1 });
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog).toBeHidden();
  await expectToast(admin, 'Modifications enregistrées');
  await planificateur.reload();
  await expect(own.getByLabel('Au (inclus)')).toHaveValue(soon);

  await open.click();
  await expect(until).toHaveValue(soon);
  await end.click();
  await expect(dialog).toBeHidden();
  await admin
    .locator('afpi-toasts')
    .getByRole('button', { name: /^Annuler/ })
    .click();
  await open.click();
  await expect(until).toHaveValue(soon);
  await end.click();
  await expect(dialog).toBeHidden();
  await open.click();
  await expect(until).toHaveValue('');
  await expect(end).toHaveCount(0);
});
