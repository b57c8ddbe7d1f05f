/** Many tabs of one person in one browser: all load and receive events, even after the leading tab is closed. */
import { Page, expect } from '@playwright/test';
import { person, signIn, test } from './support/app';
import { createOpportunite, fillCollecte, forward } from './support/chain';

const TABS = 8;
const STREAM = '/api/notifications/stream';

const unread = (page: Page): Promise<string | null> =>
  page.getByRole('button', { name: /^Notifications\s: / }).getAttribute('aria-label');

test('eight tabs of one person share one stream', async ({ browser, context, page }) => {
  test.setTimeout(180_000);
  const asked: Page[] = [];
  context.on('request', (request) => {
    if (request.url().endsWith(STREAM)) asked.push(request.frame().page());
  });
  await signIn(page, 'responsable');
  const tabs = [page];
  while (tabs.length < TABS) {
    const tab = await context.newPage();
    await tab.goto('/');
    await expect(tab.getByRole('heading', { level: 1, name: /^Bonjour/ })).toBeVisible();
    tabs.push(tab);
  }
  expect(asked).toEqual([page]);

  const commercial = await person(browser, 'commercial');
  const submit = async (): Promise<void> => {
    await createOpportunite(commercial, `Onglets ${Date.now()}`);
    await fillCollecte(commercial);
    await forward(commercial, 'Soumettre pour validation', 'En attente de validation');
  };
  const before = await unread(page);
  await submit();
  for (const tab of tabs)
    await expect(tab.getByRole('button', { name: /^Notifications\s: / })).not.toHaveAttribute(
      'aria-label',
      before ?? '',
      { timeout: 20_000 },
    );

  // Another tab takes over as soon as the leading tab is closed.
  await page.close();
  await expect.poll(() => asked.length).toBe(2);
  const rest = tabs.slice(1);
  const between = await unread(tabs.at(-1) ?? page);
  await submit();
  for (const tab of rest)
    await expect(tab.getByRole('button', { name: /^Notifications\s: / })).not.toHaveAttribute(
      'aria-label',
      between ?? '',
      { timeout: 20_000 },
    );
  expect(asked).toHaveLength(2);
});

test('who signs out or in does it in all tabs', async ({ context, page }) => {
  await signIn(page, 'commercial');
  const other = await context.newPage();
  await other.goto('/entreprises');
  await expect(other.getByRole('heading', { level: 1, name: 'Entreprises' })).toBeVisible();

  await page.getByRole('button', { name: /^Mon compte/ }).click();
  await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
  await expect(other).toHaveURL(/\/connexion\?retour=%2Fentreprises/);

  // The same person returns to the same page. Another person starts at the home page and does not see data of the
  // first.
  await signIn(page, 'commercial');
  await expect(other.getByRole('heading', { level: 1, name: 'Entreprises' })).toBeVisible();
  await page.getByRole('button', { name: /^Mon compte/ }).click();
  await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
  await expect(other).toHaveURL(/\/connexion/);
  await signIn(page, 'admin');
  await expect(other.getByRole('heading', { level: 1, name: /^Bonjour/ })).toBeVisible();
  await expect(other.getByRole('link', { name: 'Utilisateurs' })).toBeVisible();
});
