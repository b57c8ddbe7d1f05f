/** What users see of hooks: a veto with its reason, the order of hooks, and a failing hook. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, person, signIn, test } from './support/app';
import { createOpportunite, expectStatus } from './support/chain';
import { gate } from './support/gate';
import { clearAway, configureAt, install, switchAt, tryMove } from './support/plugin-page';

const SITE = 'AFPI Aisne';
const MINUTES = 60_000;
const installed: string[] = [];

/** Ids and names for new plugins. The ids are in alphabetical order and are noted for the cleanup. */
function fresh(...names: string[]): { id: string; name: string }[] {
  const stamp = Date.now().toString(36);
  const made = names.map((name, at) => ({ id: `essai-${stamp}-${at}`, name: `${name} ${stamp}` }));
  installed.push(...made.map(({ id }) => id));
  return made;
}

test.afterEach(async ({ request }) => {
  await clearAway(request, installed.splice(0));
});

test('a veto is shown with its reason and stands in the history; the rank says who is asked first', async ({
  browser,
  page,
}) => {
  test.setTimeout(5 * MINUTES);
  const [first, second] = fresh('Contrôle A', 'Contrôle B') as [
    { id: string; name: string },
    { id: string; name: string },
  ];
  await signIn(page, 'admin');
  for (const { id, name } of [first, second]) {
    await install(page, await gate(id, name), name);
    await configureAt(page, SITE, { 'Action interdite': 'annuler', Motif: `${name} ne le permet pas.` });
    await switchAt(page, SITE, true);
  }
  // Two hooks are on at one site. Each page shows the other hook and the position.
  await page.reload();
  const rank = page.getByRole('textbox', { name: new RegExp(`Rang sur ${SITE}`) });
  await expect(rank).toHaveValue('0');
  await expect(page.getByRole('row', { name: new RegExp(SITE) }).getByRole('link', { name: first.name })).toBeVisible();
  await expectAccessible(page, 'a plugin beside another of its kind');

  const commercial = await person(browser, 'commercial');
  const path = await createOpportunite(commercial, `Veto ${first.id}`);
  const dialog = await tryMove(commercial, 'Annuler le dossier', 'Le client renonce.');
  await expect(dialog.getByRole('alert')).toContainText(
    `Refusé par une règle de votre site : ${first.name} ne le permet pas.`,
  );
  await expectAccessible(commercial, 'a veto');
  await dialog.getByRole('button', { name: 'Fermer' }).click();
  await expectStatus(commercial, 'Collecte en cours');
  const history = commercial.getByRole('region', { name: 'Suivi' });
  await expect(history.getByText(`Refusé par une règle de votre site : ${first.name} ne le permet pas.`)).toBeVisible();
  await expect(history.getByText('voulait faire « Annuler le dossier »', { exact: false }).first()).toBeVisible();

  // Now the host asks the other hook first.
  await rank.fill('-5');
  await rank.press('Tab');
  await page.reload();
  await expect(rank).toHaveValue('-5');
  const again = await tryMove(commercial, 'Annuler le dossier', 'Le client renonce.');
  await expect(again.getByRole('alert')).toContainText(`${second.name} ne le permet pas.`);
  await again.getByRole('button', { name: 'Fermer' }).click();

  // After the hook is off nothing refuses the move, and the history still shows the hook.
  for (const { id } of [first, second]) {
    await page.goto(`/plugins/${id}`);
    await switchAt(page, SITE, false);
  }
  await expect(await tryMove(commercial, 'Annuler le dossier', 'Le client renonce.')).toBeHidden();
  await commercial.goto(path);
  await expectStatus(commercial, 'Annulé');
  await expect(history.getByText(`${second.name} ne le permet pas.`, { exact: false })).toBeVisible();
  await commercial.context().close();
});

test('one that breaks down is switched off on that site, told to the administrator, and put back by hand', async ({
  browser,
  page,
}) => {
  test.setTimeout(5 * MINUTES);
  const [broken] = fresh('Contrôle en panne') as [{ id: string; name: string }];
  await signIn(page, 'admin');
  await install(page, await gate(broken.id, broken.name), broken.name);
  await configureAt(page, SITE, { 'En panne': true });
  await switchAt(page, SITE, true);

  const commercial = await person(browser, 'commercial');
  await createOpportunite(commercial, `Panne ${broken.id}`);
  const dialog = await tryMove(commercial, 'Annuler le dossier', 'Le client renonce.');
  await expect(dialog.getByRole('alert')).toContainText('ne répond pas');
  for (let attempt = 2; attempt <= 5; attempt++) {
    const answer = commercial.waitForResponse((response) => response.url().includes('/transitions/annuler'));
    await dialog.getByRole('button', { name: 'Annuler le dossier', exact: true }).click();
    expect((await answer).status()).toBe(409);
  }

  // The administrator gets a notification, which leads to the health of the plugin.
  const title = `Extension ${broken.name} (AFPI-02) en quarantaine`;
  await page.getByRole('button', { name: /^Notifications/ }).click();
  await page.getByRole('dialog', { name: 'Notifications' }).getByText(title).click({ timeout: 20_000 });
  await expect(page).toHaveURL(new RegExp(`${broken.id}\\?vue=sante`));
  await page.reload();
  await expect(page.getByRole('tab', { name: /^Santé.*1/ })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('tab', { name: 'Sites' }).click();
  await expect(page.getByRole('row', { name: new RegExp(SITE) })).toContainText('Quarantaine');
  await page.getByRole('tab', { name: /^Santé/ }).click();
  const health = page.getByRole('region', { name: 'Santé par site' });
  await expect(health.getByRole('row', { name: new RegExp(SITE) })).toContainText('Quarantaine');
  await expect(health.getByText(/^En quarantaine\s: /)).toBeVisible();
  await expect(health.getByText(/^\s*Prochain essai\s: \d{2}\/\d{2}\/\d{4}/)).toBeVisible();
  await expectAccessible(page, 'the health of a plugin in quarantine');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'the health of a plugin in quarantine');
  await page.setViewportSize({ width: 1440, height: 900 });

  // The administrator ends the quarantine and repairs the settings.
  await health.getByRole('button', { name: `Sortir de quarantaine sur ${SITE}` }).click();
  await expectToast(page, `Sortie de quarantaine sur ${SITE}`);
  await expect(health.getByRole('row', { name: new RegExp(SITE) })).toContainText('Active');
  await page.getByRole('tab', { name: 'Sites' }).click();
  await configureAt(page, SITE, { 'En panne': false });
  await dialog.getByRole('button', { name: 'Annuler le dossier', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expectStatus(commercial, 'Annulé');
  await commercial.context().close();
});
