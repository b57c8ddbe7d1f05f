/** What cannot be right: told on the page and on the record, checked when somebody asks, and accepted with a reason. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, person, test } from './support/app';

test('a finding names its rule and its source, is accepted with a reason, and opened again', async ({ browser }) => {
  const manager = await person(browser, 'manager');
  await manager.goto('/anomalies');
  await manager.getByRole('button', { name: 'Contrôler maintenant' }).click();
  await expectToast(manager, 'Le contrôle est demandé');
  // The demo has an agreement that came back signed after the training had begun.
  const signed = manager.getByRole('listitem').filter({ hasText: 'la convention est signée le' }).first();
  await expect(signed).toContainText('Source : Code du travail, L6353-1');
  await expectAccessible(manager, 'the findings');

  const file = signed.getByRole('link', { name: /^OPP-/ });
  const number = await file.innerText();
  const row = manager.getByRole('listitem').filter({ hasText: `${number} : la convention est signée le` });
  await row.getByRole('button', { name: 'Accepter' }).click();
  const dialog = manager.getByRole('dialog', { name: 'Accepter l’anomalie' });
  await expectAccessible(manager, 'the dialog of a finding');
  await dialog.getByLabel('Pourquoi est-ce normal ?').fill('Accord écrit reçu avant');
  await dialog.getByRole('button', { name: 'Accepter' }).click();
  await expectToast(manager, 'Anomalie acceptée');
  await expect(row).toHaveCount(0);

  await manager.getByRole('tab', { name: 'Acceptées' }).click();
  await expect(row).toContainText('Accord écrit reçu avant');
  await row.getByRole('button', { name: 'Rouvrir' }).click();
  await expectToast(manager, 'Anomalie rouverte');
  await expect(row).toHaveCount(0);
  await manager.getByRole('tab', { name: 'À traiter' }).click();
  await expect(row).toBeVisible();
  await manager.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(manager, 'the findings');
  await manager.setViewportSize({ width: 1440, height: 900 });

  // The record tells it too, and leads to all.
  await row.getByRole('link', { name: number }).click();
  const panel = manager.getByRole('region', { name: 'Anomalies' });
  await expect(panel).toContainText('la convention est signée le');
  await panel.getByRole('link', { name: 'Tout voir' }).click();
  await expect(manager).toHaveURL(new RegExp(`/anomalies\\?.*q=${number}`));
  await expect(row).toBeVisible();
});

test('a commercial sees what concerns own files, and accepts nothing', async ({ browser }) => {
  const commercial = await person(browser, 'commercial');
  await commercial.goto('/anomalies');
  await expect(commercial.getByRole('heading', { level: 1, name: 'Anomalies' })).toBeVisible();
  await expect(commercial.getByRole('tab', { name: 'À traiter' })).toBeVisible();
  await expect(commercial.getByRole('button', { name: /Accepter|Contrôler/ })).toHaveCount(0);
});
