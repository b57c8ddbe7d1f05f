/**
 * Directories of companies: nothing without a plugin; with one, a number or a name fills in the form, in the page and in
 * the dialog of a new opportunité. The server's answers are those of a local directory.
 */
import { Page, Route, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, freshSiret, person, test } from './support/app';

// One search fails on purpose, beside the usual refusals.
test.use({ caused: /status of (401|404|409|410|412|422|503)/ });

const SOURCE = { plugin: 'annuaire', name: { fr: 'Annuaire des entreprises', en: 'Company directory' } };
const AWAY = { fr: 'L’annuaire ne répond pas pour l’instant.', en: 'The directory does not answer at the moment.' };

function company(siret: string, more: object = {}): object {
  return {
    source: SOURCE.plugin,
    name: 'FORGES DU THERAIN',
    siret,
    siren: siret.slice(0, 9),
    vatNumber: null,
    nafCode: '25.62B',
    nafNomenclature: 'NAF rév. 2',
    address: { line1: '12 B ZONE DU TILLOY', line2: null, postcode: '60000', city: 'BEAUVAIS', country: 'FR' },
    idcc: ['3248'],
    headcount: { least: 50, most: 99 },
    closed: false,
    opco: {
      name: 'OPCO 2i',
      idcc: '3248',
      source: {
        fr: 'Convention collective nationale de la métallurgie',
        en: 'National agreement of the metal industry',
      },
      dated: '2024-01-01',
    },
    existing: null,
    ...more,
  };
}

/** Answers in place of the server, which has no directory in a demo. */
async function directory(page: Page, answer: (q: string) => object[] | 'away' | 'failed'): Promise<void> {
  await page.route('**/api/entreprises/annuaire?*', (route: Route) => {
    const found = answer(new URL(route.request().url()).searchParams.get('q') ?? '');
    if (found === 'failed') return route.fulfill({ status: 503 });
    const json =
      found === 'away' ? { sources: [{ ...SOURCE, problem: AWAY }], data: [] } : { sources: [SOURCE], data: found };
    return route.fulfill({ json });
  });
}

test('a SIRET or a name fills in the form of a new company', async ({ browser }) => {
  const page = await person(browser, 'commercial');
  await page.goto('/entreprises/nouvelle');
  await page.getByLabel('Raison sociale').fill('Forges du Thérain');
  const hint = page.getByText('propose de remplir la fiche');
  await expect(hint).toHaveCount(0);

  const [siret, nobody, lost] = [freshSiret(), freshSiret(), freshSiret()];
  await directory(page, (q) => {
    if (q === 'perdue') return 'away';
    if (q === lost) return 'failed';
    const known = company(freshSiret(), { name: 'FORGE DE BRESLES', existing: {} });
    const closed = company(freshSiret(), { name: 'ANCIENNES FORGES', closed: true, opco: null, headcount: null });
    return q === siret || q === 'forges' ? [company(siret), known, closed] : [];
  });
  await page.reload();
  await expect(hint).toBeVisible();

  // A directory that does not answer says so, and stops nobody.
  const name = page.getByLabel('Raison sociale');
  await name.fill('perdue');
  await expect(page.getByText('Annuaire des entreprises : L’annuaire ne répond pas')).toBeVisible();

  // Only a directory that answered knows nobody.
  const number = page.getByLabel('SIRET', { exact: true });
  const none = page.getByText('ne connaît pas cette entreprise');
  await number.fill(nobody);
  await expect(none).toBeVisible();
  const failed = page.waitForResponse((response) => response.url().includes(lost));
  await number.fill(lost);
  await failed;
  await expect(hint).toBeVisible();
  await expect(none).toHaveCount(0);
  await number.fill('');

  await name.fill('forges');
  await expect(page.getByText('Annuaire des entreprises propose :')).toBeVisible();
  await expect(page.getByText('Déjà suivie par un autre site')).toBeVisible();
  await expect(page.getByText('Établissement fermé')).toBeVisible();
  await expectAccessible(page, 'companies of a directory');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'companies of a directory');
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.getByLabel('Ville', { exact: true }).fill('Tillé');
  await page.getByRole('button', { name: /^Remplir la fiche d’après FORGES DU THERAIN/ }).press('Enter');
  await expect(page.getByText('Fiche remplie d’après Annuaire des entreprises')).toBeVisible();
  await expect(name).toHaveValue('FORGES DU THERAIN');
  await expect(page.getByLabel('Code NAF')).toHaveValue('25.62B');
  await expect(page.getByLabel('Code postal', { exact: true })).toHaveValue('60000');
  await expect(page.getByLabel('Ville', { exact: true })).toHaveValue('Tillé');
  await expect(page.getByText('Effectif déclaré : de 50 à 99 salariés.')).toBeVisible();

  // The OPCO is a proposal: a person confirms it.
  const opco = page.getByLabel('OPCO', { exact: true });
  await expect(opco).toHaveValue('');
  await expect(page.getByText('Convention collective nationale de la métallurgie')).toBeVisible();
  await expectAccessible(page, 'a form filled from a directory');
  await page.getByRole('button', { name: 'Reprendre OPCO 2i' }).click();
  await expect(opco).toHaveValue('OPCO 2i');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'FORGES DU THERAIN' })).toBeVisible();
  await expect(page.getByText('OPCO 2i').first()).toBeVisible();
});

test('the dialog of a new company is filled in, and a known one is taken', async ({ browser }) => {
  const page = await person(browser, 'commercial');
  const siret = freshSiret();
  const known = { id: '01a00000-0000-7000-8000-000000000001', name: 'Forges connues' };
  await directory(page, (q) => (q === 'forges' ? [company(siret)] : [company(freshSiret(), { existing: known })]));
  await page.goto('/opportunites/nouvelle');
  const picker = page.getByLabel('Entreprise');
  const dialog = page.getByRole('dialog');
  await picker.fill('forges connues ailleurs');
  await page.getByRole('option', { name: /Créer/ }).click();
  await dialog.getByRole('button', { name: 'Prendre Forges connues' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(picker).toHaveValue('Forges connues');

  await picker.fill('forges');
  await page.getByRole('option', { name: /Créer/ }).click();
  await dialog.getByRole('button', { name: /^Remplir la fiche d’après/ }).click();
  await expect(dialog.getByLabel('Raison sociale')).toHaveValue('FORGES DU THERAIN');
  await expect(dialog.getByLabel('SIRET')).toHaveValue(/^[\d ]{17}$/);
  await expectAccessible(page, 'the dialog of a new company, filled in');
  const sent = page.waitForRequest(
    (request) => request.method() === 'POST' && request.url().endsWith('/api/entreprises'),
  );
  await dialog.getByRole('button', { name: /Créer/ }).click();
  expect((await sent).postDataJSON()).toMatchObject({
    siret,
    nafCode: '25.62B',
    idcc: '3248',
    address: { line1: '12 B ZONE DU TILLOY' },
  });
  await expect(dialog).toHaveCount(0);
});
