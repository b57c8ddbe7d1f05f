/** The bin: a company goes there with a reason, is nowhere else, says so on its page, and comes back, alone or with others. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, freshSiret, person, test } from './support/app';

test('what was put into the bin is told, listed and restored', async ({ browser }) => {
  const manager = await person(browser, 'manager');
  const name = `Tôlerie ${freshSiret().slice(0, 6)}`;
  await manager.goto('/entreprises/nouvelle');
  await manager.getByLabel('Raison sociale').fill(name);
  await manager.getByRole('button', { name: 'Enregistrer' }).click();
  const heading = manager.getByRole('heading', { level: 1, name, exact: true });
  await expect(heading).toBeVisible();
  const page = manager.url();

  // Into the bin, with a reason; undone from the toast.
  const bin = async (): Promise<void> => {
    await manager.getByRole('button', { name: 'Mettre à la corbeille' }).click();
    const dialog = manager.getByRole('dialog', { name: 'Mettre à la corbeille' });
    await expectAccessible(manager, 'the dialog of the bin');
    await dialog.getByLabel('Pourquoi ?').fill('Saisie par erreur');
    await dialog.getByRole('button', { name: 'Mettre à la corbeille' }).click();
    await expectToast(manager, 'est dans la corbeille');
    await expect(manager).toHaveURL(/\/entreprises$/);
  };
  await bin();
  await manager.getByRole('button', { name: /Annuler/ }).click();
  await expect(manager).toHaveURL(page);
  await expect(heading).toBeVisible();

  // It is in no list, and its page says where it is.
  await bin();
  await manager.goto(`/entreprises?q=${encodeURIComponent(name)}`);
  await expect(manager.getByRole('link', { name, exact: true })).toHaveCount(0);
  await manager.goto(page);
  await expect(manager.getByText(`« ${name} » est dans la corbeille`)).toBeVisible();
  await expect(manager.getByText('Motif : Saisie par erreur')).toBeVisible();
  await expectAccessible(manager, 'a company in the bin');
  await manager.getByRole('button', { name: 'Restaurer' }).click();
  await expect(heading).toBeVisible();

  // The page of the bin: until when, and many at once.
  await bin();
  await manager.goto('/corbeille?genre=entreprises');
  const row = manager.getByRole('listitem').filter({ hasText: name });
  await expect(row).toContainText('Saisie par erreur');
  await expect(row).toContainText('Sera supprimé définitivement le');
  await expectAccessible(manager, 'the bin');
  await manager.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(manager, 'the bin');
  await manager.setViewportSize({ width: 1440, height: 900 });
  await row.getByRole('checkbox').check();
  await manager.getByRole('button', { name: 'Restaurer la sélection (1)' }).click();
  await expectToast(manager, 'est restauré');
  await expect(row).toHaveCount(0);
  await manager.goto(page);
  await expect(heading).toBeVisible();
});

test('an opportunité with issued documents says why it stays', async ({ browser }) => {
  const manager = await person(browser, 'manager');
  await manager.goto('/facturation');
  await manager.locator('a[href^="/opportunites/"]').first().click();
  await manager.getByRole('button', { name: 'Mettre à la corbeille' }).click();
  const dialog = manager.getByRole('dialog', { name: 'Mettre à la corbeille' });
  await dialog.getByLabel('Pourquoi ?').fill('Essai');
  await dialog.getByRole('button', { name: 'Mettre à la corbeille' }).click();
  await expect(dialog.getByRole('alert')).toContainText('la loi veut que le dossier reste');
});
