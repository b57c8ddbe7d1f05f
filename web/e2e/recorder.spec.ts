/** An administrator records calls of a pure plugin in the browser, and the author replays them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, person, signIn, test } from './support/app';
import { afpi, inScratch } from './support/author';
import { createOpportunite } from './support/chain';

const SITE = 'AFPI Aisne';
const WORKFLOW = fileURLToPath(new URL('../../dist/plugins/workflow-afpi.wasm', import.meta.url));

test('the next calls of a site are recorded, downloaded, and another version is held against them', async ({
  browser,
  page,
}) => {
  test.setTimeout(180_000);
  await signIn(page, 'admin');
  await page.goto('/plugins/workflow-afpi?vue=enregistrements');
  const recordings = page.getByRole('region', { name: 'Enregistrements' });
  await expect(recordings.getByText('effacés après 30 jours', { exact: false })).toBeVisible();
  await recordings.getByRole('button', { name: 'Enregistrer des appels' }).click();
  const dialog = page.getByRole('dialog', { name: 'Enregistrer les prochains appels' });
  await dialog.getByLabel('Site').selectOption({ label: SITE });
  await dialog.getByLabel('Nombre d’appels').fill('5000');
  await dialog.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expect(dialog.getByText('Au plus 1000')).toBeVisible();
  await expectAccessible(page, 'the dialog that starts recording');
  await dialog.getByLabel('Nombre d’appels').fill('40');
  await dialog.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expectToast(page, `Enregistrement lancé sur ${SITE}`);
  const row = recordings.getByRole('row', { name: new RegExp(SITE) });
  await expect(row).toContainText('En cours');

  const commercial = await person(browser, 'commercial');
  await createOpportunite(commercial, `Bande ${Date.now()}`);
  await commercial.context().close();
  await expect(row).toContainText(/[1-9]\d* sur 40/, { timeout: 20_000 });

  await recordings.getByRole('button', { name: `Arrêter d’enregistrer sur ${SITE}` }).click();
  await expectToast(page, `Enregistrement arrêté sur ${SITE}`);
  await expect(row).toContainText('Arrêté');
  await expect(row).toContainText(/par Administrateur/);
  await recordings.getByText(`Appels de ${SITE}`).click();
  await expect(recordings.getByRole('cell', { name: 'start' }).first()).toBeVisible();
  await expect(recordings.getByText('Répondu').first()).toBeVisible();
  await expectAccessible(page, 'recorded calls');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'recorded calls');
  await page.setViewportSize({ width: 1440, height: 900 });

  const coming = page.waitForEvent('download');
  await recordings.getByRole('button', { name: `Télécharger les appels de ${SITE}` }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('workflow-afpi-AFPI-02.jsonl');
  await inScratch(async (dir) => {
    const file = join(dir, 'calls.jsonl');
    await download.saveAs(file);
    const calls = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { plugin: string; 'site-code': string; function: string });
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.every((call) => call.plugin === 'workflow-afpi' && call['site-code'] === 'AFPI-02')).toBe(true);
    expect(calls.map((call) => call.function)).toContain('start');
    // The same version gives the same answers, byte for byte, and no different decision.
    const replayed = JSON.parse(await afpi(dir, '--json', 'replay', WORKFLOW, file)) as { ok: boolean };
    expect(replayed.ok).toBe(true);
    const compared = JSON.parse(await afpi(dir, '--json', 'diff', WORKFLOW, WORKFLOW, file)) as {
      calls: { identical: boolean }[];
    };
    expect(compared.calls).toHaveLength(calls.length);
    expect(compared.calls.every(({ identical }) => identical)).toBe(true);
  });

  await recordings.getByRole('button', { name: `Effacer les appels de ${SITE}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Effacer' }).click();
  await expectToast(page, `Appels effacés sur ${SITE}`);
  await expect(recordings.getByText('Rien n’est enregistré')).toBeVisible();
});
