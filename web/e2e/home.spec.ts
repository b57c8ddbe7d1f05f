/**
 * The start page of each role: what waits, grouped by what is to be done, and the panels that the role needs. And the
 * figures: one page that answers, and leads to the records behind it.
 */
import { expect } from '@playwright/test';
import { ROLES, RoleName, expectAccessible, expectNoSideways, signIn, test } from './support/app';

/** The panels that a role has beside those of everybody. */
const ALSO: Record<RoleName, string[]> = {
  admin: ['L’équipe', 'Installation', 'Objectifs', 'Encours clients'],
  responsable: ['L’équipe', 'Objectifs', 'Encours clients'],
  manager: ['L’équipe', 'Objectifs', 'Encours clients'],
  commercial: ['Objectifs'],
  assistante: [],
  planificateur: [],
  facturation: ['Encours clients'],
};
const SOME = ['L’équipe', 'Installation', 'Objectifs', 'Encours clients'];

for (const role of Object.keys(ROLES) as RoleName[]) {
  test(`home of ${role}`, async ({ page }) => {
    await signIn(page, role);
    for (const name of ['À vous de jouer', 'Agenda', 'Mes tâches', 'Derniers mouvements'])
      await expect(page.getByRole('region', { name, exact: true })).toBeVisible();
    for (const name of SOME)
      await expect(page.getByRole('region', { name, exact: true })).toHaveCount(ALSO[role].includes(name) ? 1 : 0);
    await expect(page.getByText('Chargement…')).toHaveCount(0);
    await expectAccessible(page, `home of ${role}`);
    await page.setViewportSize({ width: 1024, height: 768 });
    await expectNoSideways(page, `home of ${role} at 1024 px`);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSideways(page, `home of ${role} at 390 px`);
  });
}

test('what waits is grouped by what is to be done, and opens at its section', async ({ page }) => {
  await signIn(page, 'responsable');
  const inbox = page.getByRole('region', { name: 'À vous de jouer' });
  const group = inbox.getByRole('region', { name: /^Envoyer le devis\s+\d+$/ });
  await expect(group).toContainText('Devis en cours');
  const [said, rows] = await Promise.all([
    group.getByRole('heading', { level: 3 }).textContent(),
    group.getByRole('link').count(),
  ]);
  expect(Number(/\d+/.exec(said ?? '')?.[0])).toBeGreaterThanOrEqual(rows);
  await group.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/opportunites\/[^/]+\?etape=devis$/);
});

test('the queue of the team leads to the records that stand', async ({ page }) => {
  await signIn(page, 'manager');
  const team = page.getByRole('region', { name: 'L’équipe' });
  await expect(team.getByRole('link', { name: /^Devis/ })).toBeVisible();
  await team.getByRole('link', { name: 'Tout voir' }).click();
  await expect(page).toHaveURL(/\/opportunites\?retard=1$/);
  await expect(page.getByRole('main').getByRole('table').getByRole('link').first()).toBeVisible();
});

test('first steps are taken, stay taken, and end', async ({ page }) => {
  await signIn(page, 'planificateur');
  const steps = page.getByRole('region', { name: 'Premiers pas' });
  await steps.getByRole('link', { name: /^Voir les sessions/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sessions' })).toBeVisible();
  await page.goto('/');
  await expect(steps.getByRole('link', { name: /^Voir les sessions\s*, fait/ })).toBeVisible();
  await steps.getByRole('button', { name: 'Masquer les premiers pas' }).click();
  await expect(steps).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('region', { name: 'Agenda' })).toBeVisible();
  await expect(page.getByText('Chargement…')).toHaveCount(0);
  await expect(steps).toHaveCount(0);
});

test('a panel that fails says so and leaves the others', async ({ page }) => {
  await signIn(page, 'commercial');
  await page.route('**/api/sessions?**', (route) =>
    route.fulfill({
      status: 422,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'about:blank', title: 'Refusé', status: 422, code: 'invalid' }),
    }),
  );
  await page.goto('/');
  const agenda = page.getByRole('region', { name: 'Agenda' });
  await expect(agenda.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('region', { name: 'À vous de jouer' }).getByRole('link').first()).toBeVisible();
  await page.unroute('**/api/sessions?**');
  await agenda.getByRole('button', { name: 'Réessayer' }).click();
  await expect(agenda.getByRole('alert')).toHaveCount(0);
});

test('the figures answer on one page and lead to what is behind them', async ({ page }) => {
  await signIn(page, 'responsable');
  await page.goto('/pilotage');
  await expect(page.getByRole('region', { name: 'Objectifs' })).toContainText('Au rythme actuel');
  const tall = await page.locator('main').evaluate((main) => main.scrollHeight);
  expect(tall, 'the overview is about one screen').toBeLessThan(1100);
  await page
    .getByRole('group', { name: 'Indicateurs' })
    .getByRole('link', { name: /^CA facturé/ })
    .click();
  await expect(page).toHaveURL(/vue=indicateur&indicateur=ca_facture$/);
  await expect(page.getByRole('heading', { level: 2, name: /^CA facturé \(HT\), mois par mois/ })).toBeVisible();
  await expectAccessible(page, 'a figure in detail');
  await page.getByRole('tab', { name: 'Objectifs' }).click();
  await expect(page.getByRole('table', { name: 'Objectifs' }).getByRole('row').nth(1)).toBeVisible();
  await expectAccessible(page, 'targets as a table');
  await page.getByRole('tab', { name: 'Vue d’ensemble' }).click();
  const relay = page.getByRole('table', { name: 'Le relais aujourd’hui' });
  await relay
    .getByRole('row', { name: /^Devis/ })
    .getByRole('link')
    .first()
    .click();
  await expect(page).toHaveURL(/\/opportunites\?etape=devis$/);
});
