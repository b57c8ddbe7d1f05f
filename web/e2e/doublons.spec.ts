/** Duplicates: told while typing, dismissed with a reason, merged side by side, and a merge taken back from its toast. */
import { Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, freshSiret, person, test } from './support/app';

async function create(page: Page, name: string, more: Record<string, string>): Promise<void> {
  await page.goto('/entreprises/nouvelle');
  await page.getByLabel('Raison sociale').fill(name);
  for (const [label, value] of Object.entries(more)) await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
}

test('a duplicate is told while typing, merged, and comes back', async ({ browser }) => {
  const manager = await person(browser, 'manager');
  const siret = freshSiret();
  const name = `Chaudronnerie ${siret.slice(0, 6)}`;
  await create(manager, name, {
    SIRET: siret,
    Téléphone: '03 20 55 44 33',
    'Code postal': '02100',
    Ville: 'Saint-Quentin',
  });
  const kept = manager.url();

  // Told while somebody types it again, with another legal form.
  await manager.goto('/entreprises/nouvelle');
  await manager.getByLabel('Raison sociale').pressSequentially(`SARL ${name}`);
  await manager.getByLabel('Code postal', { exact: true }).fill('02100');
  const warning = manager.getByText('Cette entreprise existe peut-être déjà');
  await expect(warning).toBeVisible();
  await expect(manager.getByRole('link', { name, exact: true })).toBeVisible();
  await expectAccessible(manager, 'a new company that is known');
  await manager.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(manager, 'a new company that is known');
  await manager.setViewportSize({ width: 1440, height: 900 });
  await manager.getByLabel('Ville', { exact: true }).fill('Saint-Quentin');
  await manager.getByLabel('Site web', { exact: true }).fill('chaudronnerie.example');
  await manager.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(manager.getByRole('heading', { level: 1, name: `SARL ${name}` })).toBeVisible();
  const old = manager.url();

  // Both stand in the list of suspects. First they are said to be two.
  await manager.goto('/entreprises');
  await manager.getByRole('link', { name: 'Doublons' }).click();
  const pair = manager.locator('section.pair').filter({ hasText: name });
  await expect(pair).toHaveCount(1);
  await expectAccessible(manager, 'the list of suspects');
  await pair.getByRole('button', { name: 'Pas un doublon' }).click();
  await pair.getByLabel('Pourquoi ce sont deux entreprises').fill('Deux sociétés sœurs');
  await pair.getByRole('button', { name: 'Pas un doublon' }).click();
  await expectToast(manager, 'Paire écartée');
  await expect(pair).toHaveCount(0);
  await manager.getByRole('tab', { name: 'Écartés' }).click();
  await expect(pair).toContainText('Deux sociétés sœurs');
  await pair.getByRole('button', { name: 'Remettre à vérifier' }).click();
  await expect(pair).toHaveCount(0);
  await manager.getByRole('tab', { name: 'À vérifier' }).click();

  // Merged side by side.
  await pair.getByRole('button', { name: 'Fusionner' }).click();
  const dialog = manager.getByRole('dialog', { name: 'Fusionner deux fiches' });
  await expect(dialog.getByRole('row', { name: /Raison sociale/ })).toBeVisible();
  await expectAccessible(manager, 'the dialog of a merge');
  const stays = dialog.getByRole('columnheader', { name: /Fiche qui reste/ });
  if ((await stays.textContent())?.includes('SARL')) {
    await dialog.getByRole('button', { name: 'Garder l’autre fiche' }).click();
    await expect(stays).not.toContainText('SARL');
  }
  await dialog
    .getByRole('row', { name: /Raison sociale/ })
    .getByRole('radio')
    .last()
    .check();
  await dialog.getByRole('button', { name: 'Fusionner', exact: true }).click();
  await expectToast(manager, 'fusionnée dans');
  await expect(pair).toHaveCount(0);

  // The old link leads to the one that stays.
  await manager.goto(old);
  await expect(manager.getByRole('heading', { level: 1, name: `SARL ${name}` })).toBeVisible();
  await expect(manager).toHaveURL(kept);
  await expect(manager.getByRole('link', { name: 'chaudronnerie.example' })).toBeVisible();

  // Taken back from the list of merges.
  await manager.goto('/entreprises/doublons?vue=merges');
  const merge = manager.locator('section.pair').filter({ hasText: name });
  await expectAccessible(manager, 'the list of merges');
  await merge.getByRole('button', { name: 'Annuler la fusion' }).click();
  await expectToast(manager, 'Fusion annulée');
  await expect(merge).toHaveCount(0);
  await manager.goto(kept);
  await expect(manager.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
  await manager.goto(old);
  await expect(manager.getByRole('heading', { level: 1, name: `SARL ${name}` })).toBeVisible();
});
