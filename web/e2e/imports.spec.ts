/** Companies from files: the columns, the preview line by line, apply, and the way back. */
import { Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, freshSiret, person, signIn, test } from './support/app';
import { workbook } from './support/workbook';

test('a CSV and a workbook are previewed, applied and reverted', async ({ page }) => {
  const siret = freshSiret();
  const mark = `Import ${siret.slice(0, 9)}`;
  await signIn(page, 'responsable');
  await page.goto('/entreprises');
  await page.getByRole('link', { name: 'Importer', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Importer' })).toBeVisible();
  // Who has several sites says which one.
  await expect(page.getByText('Choisissez d’abord le site.')).toBeVisible();
  await expectAccessible(page, 'the first step of an import');
  await chooseSite(page);

  // What cannot be a table is refused at once, what is none by the server.
  await hand(page, 'photo.png', Buffer.from('x'));
  await expect(page.getByRole('alert')).toContainText('Choisissez un fichier');
  await hand(page, 'faux.xlsx', Buffer.from('PK\x03\x04'));
  await expect(page.getByRole('alert')).toContainText('Ce classeur est illisible');

  // As a spreadsheet saves it: the SIRET as a power of ten, the postcode without its zero, a column that no field knows.
  const csv = [
    // The mapping of these columns is remembered, so each run has its own.
    `Client;SIRET;Code postal;Ville;Nom du contact;Remarque ${siret}`,
    `${mark} A;${siret[0]},${siret.slice(1)}E+13;2100;Saint-Quentin;Roy;x`,
    `${mark} B;7,33E+13;59000;Lille;;y`,
    'Trop;court',
  ].join('\r\n');
  await hand(page, `${mark}.csv`, Buffer.from(csv));
  await expect(page.getByRole('heading', { level: 2, name: 'Où va chaque colonne' })).toBeVisible();
  await expect(page.getByLabel('Destination de la colonne SIRET')).toHaveValue('siret');
  await expect(page.getByRole('row', { name: /^Ville/ })).toContainText('Saint-Quentin');
  await expect(page.getByLabel(`Destination de la colonne Remarque ${siret}`)).toHaveValue('');
  await page.getByLabel('Destination de la colonne Client').selectOption({ label: 'Raison sociale' });
  await page.getByRole('button', { name: 'Ajouter une valeur par défaut' }).click();
  await page.getByLabel('Champ par défaut 1').selectOption({ label: 'Type' });
  await page.getByLabel('Valeur de Type', { exact: true }).selectOption({ label: 'PME' });
  await expectAccessible(page, 'the columns of an import');
  await page.getByRole('button', { name: 'Voir l’aperçu' }).click();

  const lines = page.getByRole('table', { name: 'Lignes du fichier' });
  await expect(page.getByRole('button', { name: /Créées/ })).toContainText('3');
  await expect(page.getByRole('button', { name: /Écartées/ })).toContainText('1');
  await expect(lines).toContainText('2 colonnes au lieu de 6');
  await page.getByRole('button', { name: 'Avec remarque' }).click();
  await expect(lines.getByRole('row')).toHaveCount(4);
  const repaired = lines.getByRole('row', { name: new RegExp(`${mark} A`) });
  await expect(repaired).toContainText('réparé : SIRET (chiffres rétablis) ; réparé : Code postal');
  await expect(repaired).toContainText(siret);
  await expect(lines.getByRole('row', { name: new RegExp(`${mark} B`) })).toContainText('laissé de côté : SIRET');
  await expectAccessible(page, 'the preview of an import');
  for (const width of [1024, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await expectNoSideways(page, `the preview of an import at ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await confirmed(page, 'Appliquer');
  await expect(page.getByText('Import appliqué.')).toBeVisible();
  expect(await names(page, mark)).toEqual([`${mark} A`, `${mark} B`]);

  // A workbook with other columns changes the one, with a number that is one, and leaves the other as it is.
  await page.goto('/imports');
  await chooseSite(page);
  const sheet = [
    ['Raison sociale', 'SIRET', 'Code postal', 'Téléphone'],
    [`${mark} A`, Number(siret), 2100, 323061234],
    [`${mark} B`, '', 59000, ''],
  ];
  await hand(page, 'téléphones.xlsx', workbook(sheet));
  await page.getByRole('button', { name: 'Voir l’aperçu' }).click();
  await expect(page.getByRole('button', { name: /Modifiées/ })).toContainText('1');
  await expect(page.getByRole('button', { name: /Inchangées/ })).toContainText('1');
  await expect(lines.getByRole('row', { name: new RegExp(`${mark} A`) })).toContainText('03 23 06 12 34');
  await confirmed(page, 'Appliquer');
  await expect(page.getByText('Import appliqué.')).toBeVisible();
  await lines.getByRole('link', { name: `${mark} A` }).click();
  await expect(page.getByRole('heading', { level: 1, name: `${mark} A` })).toBeVisible();
  await expect(page.getByText('03 23 06 12 34').first()).toBeAttached();
  await page.goBack();
  await confirmed(page, 'Annuler l’import');
  await expect(page.getByText('Import annulé : les fiches sont comme avant.')).toBeVisible();
  await lines.getByRole('link', { name: `${mark} A` }).click();
  await expect(page.getByRole('heading', { level: 1, name: `${mark} A` })).toBeVisible();
  await expect(page.getByText('03 23 06 12 34')).toHaveCount(0);

  // The first import is found again among mine, and taken back as a whole.
  await page.goto('/imports');
  await page.getByRole('link', { name: `${mark}.csv` }).click();
  await confirmed(page, 'Annuler l’import');
  await expect(page.getByText('Import annulé : les fiches sont comme avant.')).toBeVisible();
  expect(await names(page, mark)).toEqual([]);

  // The next file with these columns knows where they go.
  await page.goto('/imports');
  await chooseSite(page);
  await hand(page, 'suite.csv', Buffer.from(csv.replaceAll(mark, `${mark} suite`)));
  await expect(page.getByText('Colonnes reprises de votre dernier fichier')).toBeVisible();
  await expect(page.getByLabel('Destination de la colonne Client')).toHaveValue('name');
  await expect(page.getByLabel('Valeur de Type', { exact: true })).toHaveValue('pme');
});

test('only who may import finds the page', async ({ browser, page }) => {
  await signIn(page, 'responsable');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('>importer');
  await page.getByRole('option', { name: /Importer un fichier/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Importer' })).toBeVisible();

  const other = await person(browser, 'commercial');
  await other.goto('/entreprises');
  await expect(other.getByRole('link', { name: 'Nouvelle entreprise' }).first()).toBeVisible();
  await expect(other.getByRole('link', { name: 'Importer', exact: true })).toHaveCount(0);
});

test('a catalogue is imported from its page, line by line, and taken back', async ({ page }) => {
  const mark = `CAT-${freshSiret().slice(0, 9)}`;
  await signIn(page, 'responsable');
  await page.goto('/catalogue');
  await page.getByRole('link', { name: 'Importer', exact: true }).click();
  await expect(page.getByLabel('Ce que contient le fichier')).toHaveValue('produits');
  await chooseSite(page);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV', exact: true }).click();
  expect((await saved).suggestedFilename()).toBe('modele-produits.csv');

  const csv = [
    'Code;Intitulé;Durée (h);Prix HT;Unité du prix;TVA',
    `${mark}-A;Soudage ${mark};35;2 450,00;par groupe;0`,
    `${mark}-B;Sans unité;7;;;0`,
    `${mark}-C;Prix douteux;7;1.250;par jour;0`,
  ].join('\r\n');
  await hand(page, `${mark}.csv`, Buffer.from(csv));
  await expect(page.getByLabel('Destination de la colonne Prix HT')).toHaveValue('price');
  await page.getByRole('button', { name: 'Voir l’aperçu' }).click();
  const lines = page.getByRole('table', { name: 'Lignes du fichier' });
  await expect(page.getByRole('button', { name: /Créées/ })).toContainText('1');
  await expect(lines.getByRole('row', { name: new RegExp(`${mark}-A`) })).toContainText('2450,00');
  await expect(lines).toContainText('Unité du prix : Ce champ est obligatoire.');
  await expect(lines).toContainText('Prix HT : attendu : un montant');
  await expectAccessible(page, 'the preview of a catalogue');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'the preview of a catalogue at 390');
  await page.setViewportSize({ width: 1280, height: 800 });
  await confirmed(page, 'Appliquer');
  await expect(page.getByText('Import appliqué.')).toBeVisible();
  await page.getByRole('link', { name: 'Voir les fiches' }).click();
  await page.goto(`/catalogue?q=${mark}`);
  await expect(page.getByText(`Soudage ${mark}`).first()).toBeVisible();
  await page.goto('/imports');
  await page.getByRole('link', { name: `${mark}.csv` }).click();
  await confirmed(page, 'Annuler l’import');
  await expect(page.getByText('Import annulé : les fiches sont comme avant.')).toBeVisible();
});

/** Chooses the first site of the list. */
async function chooseSite(page: Page): Promise<void> {
  await page.getByLabel('Pour quel site').selectOption({ index: 1 });
}

/** Chooses a file. */
async function hand(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer });
}

/** Presses this button of the page and the one of its question. */
async function confirmed(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name, exact: true }).click();
}

/** The companies that a search finds, by name. */
async function names(page: Page, search: string): Promise<string[]> {
  await page.goto(`/entreprises?q=${encodeURIComponent(search)}&tri=name`);
  await expect(page.getByLabel(/résultats?$/)).toBeVisible();
  const table = page.getByRole('table', { name: 'Entreprises' });
  return table.locator('tbody td.main > a').allTextContents();
}
