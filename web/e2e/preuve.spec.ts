/** The walk of an auditor: pieces by file, how much is ready, who owes the rest, and the archive with its manifest. */
import { execFileSync } from 'node:child_process';
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, person, test } from './support/app';
import { acceptQuote, fillPlanning, forward, save, toSentQuote } from './support/chain';

const pdf = (text: string): Buffer => Buffer.from(`%PDF-1.4\n% ${text}\n%%EOF\n`);
const VERIFY = '../scripts/verify-dossier.py';

test('evidence is dropped, weighed, and taken away as an archive that verifies', async ({ browser }) => {
  test.setTimeout(240_000);
  const admin = await person(browser, 'admin');
  await toSentQuote(admin, `Preuves ${Date.now()}`);
  await acceptQuote(admin);
  await forward(admin, 'Valider le financement', 'Planification en cours');
  await fillPlanning(admin);
  await forward(admin, 'Valider le planning', 'Documents en cours');

  const papers = admin.getByRole('group', { name: /Pièces réunies/ });
  const evidence = admin.getByRole('region', { name: 'Dossier de preuve' });
  const before = await evidence.getByText(/^Prêt à/).textContent();
  const choosing = admin.waitForEvent('filechooser');
  await papers.getByRole('button', { name: 'Déposer le fichier : Convention de formation' }).click();
  await (await choosing).setFiles({ name: 'convention signée.pdf', mimeType: 'application/pdf', buffer: pdf('c') });
  const agreement = papers.getByRole('checkbox', { name: 'Convention de formation' });
  await expect(agreement).toBeChecked();
  await expect(agreement).toBeDisabled();
  await expect(evidence.getByText(/^Prêt à/)).not.toHaveText(before ?? '');
  const item = evidence.getByRole('listitem').filter({ hasText: 'Convention ou contrat' });
  await expect(item).toContainText('Présent');
  await expect(item).toContainText('demandé par l’OPCO');
  // Who owes the rest, by when.
  await expect(evidence.getByRole('listitem').filter({ hasText: 'Présences par demi-journée' })).toContainText(
    /Assistante, pour le/,
  );
  await expectAccessible(admin, 'a checklist and its evidence');

  // A tick without a file needs a reason, which stays with it.
  await papers.getByRole('checkbox', { name: 'Planning' }).check();
  await admin.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expect(papers.locator('..')).toContainText('déposez le fichier, ou dites pourquoi');
  await papers.getByLabel('Motif sans fichier').fill('Affiché en salle');
  await save(admin);

  const archive = admin.waitForEvent('download', { timeout: 30_000 });
  await evidence.getByRole('button', { name: 'Télécharger le dossier (ZIP)' }).click();
  const path = await (await archive).path();
  expect(execFileSync('python3', [VERIFY, path]).toString()).toContain('all as the manifest says');
  const names = execFileSync('python3', ['-m', 'zipfile', '-l', path]).toString();
  for (const name of ['manifest.json', '00_sommaire.txt', '03_contrat/convention-signee.pdf', '01_besoin/besoin-'])
    expect(names).toContain(name);

  // Removing the file unticks the piece.
  await papers.getByRole('button', { name: 'Retirer convention signée.pdf' }).click();
  await admin.getByRole('alertdialog').getByRole('button', { name: 'Supprimer' }).click();
  await expect(agreement).not.toBeChecked();
  await expect(item).toContainText('Manque');
  await admin.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(admin, 'a checklist and its evidence');
});

test('dossiers of several sessions are taken away as one archive that verifies', async ({ browser }) => {
  test.setTimeout(120_000);
  const assistante = await person(browser, 'assistante');
  await assistante.goto('/sessions');
  const rows = assistante.locator('tbody').getByRole('checkbox');
  for (const at of [0, 1, 2]) await rows.nth(at).check();
  await expect(assistante.getByText('3 choisies')).toBeVisible();
  await expectAccessible(assistante, 'chosen sessions');
  const archive = assistante.waitForEvent('download', { timeout: 60_000 });
  await assistante.getByRole('button', { name: 'Télécharger 3 dossiers (ZIP)' }).click();
  const path = await (await archive).path();
  expect(execFileSync('python3', [VERIFY, path]).toString()).toContain('all as the manifest says');
  const names = execFileSync('python3', ['-m', 'zipfile', '-l', path]).toString();
  expect(names.match(/preuves-.*\.zip/g)).toHaveLength(3);
  await assistante.getByRole('button', { name: 'Ne plus rien choisir' }).click();
  await expect(rows.first()).not.toBeChecked();

  // A session takes the dossiers of its opportunités along.
  await assistante.locator('tbody a').first().click();
  const evidence = assistante.getByRole('region', { name: 'Dossier de preuve' });
  const several = assistante.waitForEvent('download', { timeout: 60_000 });
  await evidence.getByRole('button', { name: /^Télécharger \d+ dossiers \(ZIP\)$/ }).click();
  const all = await (await several).path();
  expect(execFileSync('python3', [VERIFY, all]).toString()).toContain('all as the manifest says');
  await assistante.setViewportSize({ width: 390, height: 844 });
  await assistante.goto('/sessions');
  await rows.first().check();
  await expectNoSideways(assistante, 'chosen sessions');
});

test('a session has evidence and files of its own', async ({ browser }) => {
  const planificateur = await person(browser, 'planificateur');
  await planificateur.goto('/sessions');
  await planificateur.locator('tbody a').first().click();
  const evidence = planificateur.getByRole('region', { name: 'Dossier de preuve' });
  await expect(evidence.getByText(/^Prêt à/)).toBeVisible();
  const files = planificateur.getByRole('region', { name: 'Pièces jointes' });
  await files
    .locator('input[type=file][multiple]')
    .setInputFiles({ name: 'émargement.pdf', mimeType: 'application/pdf', buffer: pdf('e') });
  await expect(files.getByRole('button', { name: 'émargement.pdf', exact: true })).toBeVisible();
  await expectAccessible(planificateur, 'a session with evidence');
});
