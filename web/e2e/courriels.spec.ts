/** Mails that people shared: in the timeline of a file, and those that wait for their record. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, person, test } from './support/app';
import { createOpportunite } from './support/chain';

test('a mail that names no record is filed by hand, read in the follow-up, and taken out again', async ({
  browser,
}) => {
  const page = await person(browser, 'commercial');
  const title = `Courriel ${Date.now()}`;
  await createOpportunite(page, title);
  const file = page.url();

  await page.goto('/courriels');
  await expect(page.getByRole('heading', { level: 1, name: 'Courriels à rattacher' })).toBeVisible();
  const mail = page.getByRole('region', { name: 'Suite à notre échange au salon' });
  await mail.getByRole('button', { name: /^Rattacher/ }).click();
  await mail.getByLabel('Chercher la fiche').pressSequentially(title);
  await expect(mail.getByRole('button', { name: title })).toBeVisible();
  await expectAccessible(page, 'the page of mails, with records offered');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'the page of mails');
  await page.setViewportSize({ width: 1440, height: 900 });
  await mail.getByRole('button', { name: title }).click();
  await expectToast(page, 'Courriel rattaché');
  await expect(page.getByText('Aucun courriel à rattacher')).toBeVisible();

  await page.goto(file);
  const panel = page.getByRole('region', { name: 'Suivi' });
  const entry = panel
    .getByRole('list', { name: 'Fil' })
    .getByRole('listitem')
    .filter({ hasText: 'partagé un courriel' });
  await entry.getByText('Suite à notre échange au salon').click();
  await expect(entry).toContainText('comme convenu');
  await expectAccessible(page, 'a record with a mail');
  await panel.getByRole('button', { name: 'E-mails', exact: true }).click();
  await entry.getByRole('button', { name: 'Retirer du suivi' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Supprimer' }).click();
  await expectToast(page, 'Courriel retiré');
  await expect(entry).toBeHidden();
});
