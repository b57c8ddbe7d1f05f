/** The page of a company: key figures, its group, and its records as tabs. */
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, freshSiret, person, signIn, test } from './support/app';
import { asAdmin } from './support/plugin-page';

test('a company shows what comes next, its figures, its group and its records', async ({ browser, request }) => {
  test.setTimeout(120_000);
  const stamp = String(Date.now()).slice(-6);
  const admin = await asAdmin(request);
  const sites = (await admin.get('/api/localisations')) as { data: { id: string; code: string }[] };
  const siret = freshSiret();
  const company = async (name: string, number: string): Promise<string> => {
    const made = await admin.post('/api/entreprises', {
      name,
      localisationId: sites.data.find(({ code }) => code === 'AFPI-02')?.id,
      siret: number,
      address: { postcode: '02100', city: 'Saint-Quentin' },
      contacts: [{ firstName: 'Zoé', lastName: 'Durand' }],
    });
    expect(made.status).toBe(201);
    return (made.body as { id: string }).id;
  };
  const id = await company(`Groupe ${stamp}`, siret);
  await company(`Filiale ${stamp}`, freshSiret(siret));

  const page = await person(browser, 'commercial');
  await page.goto(`/entreprises/${id}`);
  const figures = page.getByRole('region', { name: 'Chiffres clés' });
  await expect(figures).toContainText('Rien de prévu');
  await expect(figures).toContainText(/0\s€/);
  await page.getByPlaceholder('Nouvelle tâche').fill('Rappeler avant midi');
  await page.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(page.getByText('Rappeler avant midi').first()).toBeVisible();
  await expect(figures).toContainText('Rappeler avant midi');

  // The tabs are those of the address, and of the keyboard.
  await expect(page.getByRole('tab', { name: 'Opportunités' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('tab', { name: 'Opportunités' }).press('ArrowRight');
  await expect(page).toHaveURL(/onglet=contacts$/);
  await expect(page.getByRole('tabpanel')).toContainText('Zoé Durand');
  await page.getByRole('tab', { name: 'Factures' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('Aucune facture');
  await page.getByRole('tab', { name: 'Sessions' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('Aucune session');
  await expectAccessible(page, 'a company');
  for (const width of [1024, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await expectNoSideways(page, `a company at ${width} px`);
  }

  await page
    .getByRole('region', { name: 'Groupe' })
    .getByRole('link', { name: /^Filiale/ })
    .click();
  await expect(page.getByRole('heading', { level: 1, name: `Filiale ${stamp}` })).toBeVisible();
});

test('who may not read invoices sees none of a company', async ({ page }) => {
  await signIn(page, 'planificateur');
  await page.goto('/entreprises');
  await page.locator('main td.main > a').first().click();
  await expect(page.getByRole('tab', { name: 'Contacts' })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Factures' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Chiffres clés' })).not.toContainText('Solde');
});
