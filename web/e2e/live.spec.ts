/** An action of one person appears on another person's screen: as a toast, in the unread count and in the inbox. */
import { expect } from '@playwright/test';
import { person, test } from './support/app';
import { createOpportunite, fillCollecte, forward } from './support/chain';

test('the next in the relay is told at once', async ({ browser }) => {
  test.setTimeout(120_000);
  const responsable = await person(browser, 'responsable');
  const commercial = await person(browser, 'commercial');
  const title = `Relais ${Date.now()}`;
  const path = await createOpportunite(commercial, title);
  await fillCollecte(commercial);
  await forward(commercial, 'Soumettre pour validation', 'En attente de validation');

  // The page shows a toast, the count at the bell and the opportunité in the inbox without a reload.
  await expect(responsable.getByRole('status').filter({ hasText: title }).first()).toBeVisible({ timeout: 20_000 });
  await expect(responsable.getByRole('button', { name: /^Notifications\s: [1-9]/ })).toBeVisible();
  await expect(
    responsable
      .getByRole('region', { name: 'À vous de jouer' })
      .or(responsable.locator('main'))
      .getByText(title)
      .first(),
  ).toBeVisible();
  await responsable.getByRole('button', { name: /^Notifications\s: / }).click();
  await responsable
    .getByRole('dialog', { name: 'Notifications' })
    .getByRole('button')
    .filter({ hasText: title })
    .first()
    .click();
  await expect(responsable).toHaveURL(new RegExp(path));
});
