/** The follow-up of a record: notes that tell people, and tasks that are given and done. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, person, test } from './support/app';
import { createOpportunite } from './support/chain';

test('a note mentions a colleague, who is told; a task is given, done and reopened', async ({ browser }) => {
  const commercial = await person(browser, 'commercial');
  const title = `Suivi ${Date.now()}`;
  await createOpportunite(commercial, title);
  const panel = commercial.getByRole('region', { name: 'Suivi' });
  const text = panel.getByLabel('Écrire une note');
  await text.pressSequentially('Appel reçu : **le devis** convient.\n- relance jeudi\n- plan à joindre\nPour @Manag');
  const people = commercial.getByRole('listbox', { name: 'Personnes à prévenir' });
  await expect(people.getByRole('option').first()).toContainText('Manager');
  await expectAccessible(commercial, 'a note with people offered');
  await text.press('Enter');
  await expect(people).toBeHidden();
  await panel.getByLabel('Nature').selectOption('appel');
  await text.press('Control+Enter');
  const note = panel.getByRole('listitem').filter({ hasText: 'Appel reçu' });
  await expect(note.getByRole('strong').first()).toHaveText('le devis');
  await expect(note.getByRole('listitem')).toHaveText(['relance jeudi', 'plan à joindre']);
  await expect(note).toContainText('Appel');
  await expect(text).toHaveValue('');

  // Changed and pinned from its menu, by keyboard.
  await panel.getByRole('button', { name: /^Actions sur la note/ }).press('Enter');
  await commercial.getByRole('menuitem', { name: 'Modifier' }).press('Enter');
  await panel.getByLabel('Modifier la note').fill('Appel reçu : tout est dit.');
  await panel.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(panel).toContainText('tout est dit');
  await panel.getByRole('button', { name: /^Actions sur la note/ }).click();
  await commercial.getByRole('menuitem', { name: 'Épingler' }).click();
  await expect(panel).toContainText('Épinglée');

  // A task for the manager.
  await panel.getByLabel('Nouvelle tâche').fill(`Relire ${title}`);
  await panel.getByLabel('Pour').selectOption({ label: 'Manager Démo' });
  await panel.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(panel.getByText(`Relire ${title}`)).toBeVisible();
  await expectAccessible(commercial, 'a record with notes and tasks');

  const manager = await person(browser, 'manager');
  const tasks = manager.getByRole('region', { name: 'Mes tâches' });
  await expect(tasks.getByText(`Relire ${title}`)).toBeVisible();
  await expectAccessible(manager, 'the home page with a task');
  await manager.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(manager, 'the home page with a task');
  await manager.setViewportSize({ width: 1440, height: 900 });
  await tasks.getByLabel(`Marquer « Relire ${title} » comme faite`).check();
  await expectToast(manager, 'Tâche faite');
  await expect(tasks.getByText(`Relire ${title}`)).toBeHidden();
  // One list tells all that happened; its parts can be seen alone.
  await commercial.reload();
  const timeline = panel.getByRole('list', { name: 'Fil' });
  await expect(timeline).toContainText(`Manager Démo a fait une tâche`);
  await expect(timeline).toContainText('a créé le dossier');
  await panel.getByRole('button', { name: 'Tâches', exact: true }).click();
  await expect(timeline.getByRole('listitem')).toHaveCount(1);
  await panel.getByRole('button', { name: 'Tout', exact: true }).click();
  await manager.keyboard.press('Control+z');
  await expect(tasks.getByText(`Relire ${title}`)).toBeVisible();
  await manager.goto('/notifications');
  await expect(manager.getByRole('main')).toContainText(`Tâche confiée : Relire ${title}`);
});

test('other programs read the calendar by a secret address, until it is replaced or ended', async ({ browser }) => {
  const page = await person(browser, 'planificateur');
  await page.goto('/compte');
  const card = page.getByRole('region', { name: 'Mon calendrier' });
  await card.getByLabel('Avec les sessions que je vois').check();
  await card.getByRole('button', { name: 'Créer une adresse' }).click();
  const address = await card.getByLabel('Adresse du calendrier').inputValue();
  await expectAccessible(page, 'the account with a calendar address');
  const path = new URL(address).pathname;
  const read = await page.request.get(path);
  expect(read.headers()['content-type']).toBe('text/calendar; charset=utf-8');
  expect(await read.text()).toContain('BEGIN:VEVENT');
  await card.getByRole('button', { name: 'Supprimer l’adresse' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Supprimer l’adresse' }).click();
  await expectToast(page, 'Adresse supprimée');
  expect((await page.request.get(path)).status()).toBe(404);
  await expect(card.getByRole('button', { name: 'Créer une adresse' })).toBeVisible();
});

test('mails wait in quiet hours, which one chooses and takes back', async ({ browser }) => {
  const page = await person(browser, 'facturation');
  await page.goto('/compte');
  const quiet = page.getByRole('region', { name: 'Heures calmes' });
  const on = quiet.getByLabel('Ne pas m’envoyer d’e-mails à certaines heures');
  await on.setChecked(false);
  await on.check();
  await expectToast(page, 'Modifications enregistrées');
  await quiet.getByLabel('De', { exact: true }).selectOption('20');
  await expect(quiet.getByLabel('De', { exact: true })).toBeEnabled();
  await page.reload();
  await expect(quiet.getByLabel('De', { exact: true })).toHaveValue('20');
  await expect(quiet.getByLabel('Le samedi et le dimanche aussi')).toBeChecked();
  await expectAccessible(page, 'the account with quiet hours');
  await on.uncheck();
  await expect(quiet.getByLabel('De', { exact: true })).toHaveCount(0);
});

test('mails come as one digest, but for what is wanted at once', async ({ browser }) => {
  const page = await person(browser, 'assistante');
  await page.goto('/notifications?vue=preferences');
  const on = page.getByLabel('Regrouper les e-mails en un résumé');
  await expect(on).not.toBeChecked();
  await on.click();
  const day = page.getByLabel('Quand');
  await expect(day).toHaveValue('0');
  await day.selectOption({ label: 'le vendredi' });
  await expect(day).toBeEnabled();
  const atOnce = page.getByRole('checkbox', { name: / : Aussitôt$/ }).first();
  await atOnce.click();
  await expect(atOnce).toBeEnabled();
  await page.reload();
  await expect(day).toHaveValue('5');
  await expect(atOnce).toBeChecked();
  await expectAccessible(page, 'the preferences with a digest');
  await on.click();
  await expect(day).toHaveCount(0);
});
