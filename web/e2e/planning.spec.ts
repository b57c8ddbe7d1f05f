/**
 * Planning half-days: a booked trainer or room is reported at its row, by name and with the day in words; trainers are
 * found by their skills.
 */
import { Locator, Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, ownMonday, person, signIn, test } from './support/app';
import { aside } from './support/chain';

/** Opens the list of opportunités to plan and chooses one by its position. */
async function openFile(page: Page, place: number): Promise<Locator> {
  await page.goto('/opportunites?etape=planification&attente=me&tri=createdAt');
  await page
    .getByRole('main')
    .getByRole('table')
    .getByRole('link', { name: /./ })
    .filter({ hasNotText: /^$/ })
    .nth(place * 2)
    .click();
  await page.getByRole('tab', { name: /Planification/ }).click();
  return page.getByRole('group', { name: /Demi-journées/ });
}

/** Enters one half-day in this room, with the trainer at this position of the choices. */
async function planOne(page: Page, sessions: Locator, day: string, trainer: number, room: string): Promise<void> {
  await expect(sessions).toBeVisible();
  for (let left = await sessions.getByRole('button', { name: /^Supprimer la ligne/ }).count(); left > 0; left--)
    await sessions
      .getByRole('button', { name: /^Supprimer la ligne/ })
      .first()
      .click();
  await page.getByLabel('N° de session').fill(`S-${Date.now() % 100_000}`);
  await sessions.getByLabel('Du', { exact: true }).fill(day);
  await sessions.getByLabel('Du', { exact: true }).press('Tab');
  await sessions.locator('.planner select').first().selectOption('first');
  await sessions.getByLabel('Week-ends et jours fériés compris').check();
  await sessions.getByRole('button', { name: 'Ajouter ces demi-journées' }).click();
  await sessions.getByRole('combobox', { name: 'Formateur', exact: true }).selectOption({ index: trainer });
  await sessions.getByRole('combobox', { name: 'Salle', exact: true }).selectOption({ label: room });
  for (const reason of await sessions.getByRole('textbox', { name: 'Motif si jour férié' }).all())
    await reason.fill('Accord du client');
}

test('a room and a trainer that are taken elsewhere are told at their row', async ({ browser }) => {
  test.setTimeout(120_000);
  const day = ownMonday();
  const words = new RegExp(`déjà pris le lun\\. ${Number(day.slice(0, 2))} .*matin \\(OPP-`);
  const room = `Salle ${Date.now()}`;
  const first = await person(browser, 'planificateur');
  await first.goto('/salles');
  await first.getByRole('button', { name: 'Nouvelle salle' }).click();
  await first.getByRole('dialog').getByLabel('Nom').fill(room);
  await first.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
  await expect(first.getByRole('dialog')).toBeHidden();

  const second = await person(browser, 'planificateur');
  await planOne(first, await openFile(first, 0), day, 1, room);
  const sessions = await openFile(second, 1);
  await planOne(second, sessions, day, 1, room);
  await second.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expect(second.getByRole('status').filter({ hasText: 'Modifications enregistrées' })).toBeVisible();

  // The first person books. The second person has an older page and gets the host's message at the same rows.
  await first.getByRole('button', { name: /^Enregistrer, puis «\sValider le planning\s»/ }).click();
  await expect(
    first.getByRole('main').locator('header').getByText('Documents en cours', { exact: true }),
  ).toBeVisible();
  await second.getByRole('main').getByRole('button', { name: 'Valider le planning', exact: true }).click();
  for (const who of ['w-formateur', 'w-salle']) {
    await expect(sessions.locator(`td.${who} .field-error`)).toContainText(
      /déjà pris le lundi \d+\S* \S+ \d{4}, matin \(OPP-/,
    );
  }
  await expect(sessions.locator('td.w-salle')).toContainText(`${room} : déjà pris`);
  await expectAccessible(second, 'a schedule that is refused');

  // After a reload, the page shows the message while the person plans.
  await second.reload();
  await expect(sessions.locator('td.w-salle .field-error')).toContainText(words);
  await expect(sessions.locator('td.w-formateur .field-error')).toContainText(words);
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
    [390, 844],
  ] as const) {
    await second.setViewportSize({ width, height });
    await sessions.scrollIntoViewIfNeeded();
    await expectNoSideways(second, `planning at ${width} px`);
  }

  // The test releases the opportunité for other tests.
  const assistante = await person(browser, 'assistante');
  await assistante.goto(new URL(first.url()).pathname);
  await aside(assistante, 'Renvoyer à l’étape précédente', 'Planification en cours', (dialog) =>
    dialog.getByLabel('Motif').fill('Essai.'),
  );
});

test('trainers are narrowed by a skill, with the keyboard', async ({ page }) => {
  await signIn(page, 'planificateur');
  const sessions = await openFile(page, 0);
  await expect(sessions).toBeVisible();
  if (!(await sessions.getByRole('combobox', { name: 'Formateur', exact: true }).count()))
    await sessions.getByRole('button', { name: 'Ajouter une ligne' }).click();
  const trainers = sessions.getByRole('combobox', { name: 'Formateur', exact: true }).first();
  await trainers.selectOption('');
  const all = await trainers.locator('option').count();
  const skill = sessions.getByLabel('Compétence');
  await skill.focus();
  await skill.press('ArrowDown');
  const chosen = await skill.locator('option:checked').innerText();
  expect(chosen).not.toBe('Toutes');
  expect(await trainers.locator('option').count()).toBeLessThan(all);
  await trainers.selectOption({ index: 1 });
  await expect(sessions.locator('td.w-formateur').first()).toContainText(chosen);
  await expectAccessible(page, 'trainers by skill');
});
