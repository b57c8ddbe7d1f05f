/** Small usability details of the relay: wide with a keyboard, medium with a mouse, narrow with a finger. */
import { BrowserContextOptions, Locator, Page, expect } from '@playwright/test';
import {
  RoleName,
  expectAccessible,
  expectNoSideways,
  freshSiret,
  mondayAhead,
  person,
  signIn,
  test,
} from './support/app';
import { acceptQuote, createOpportunite, expectStatus, fillCollecte, fillDevis, forward } from './support/chain';
import { asAdmin } from './support/plugin-page';

interface Size extends BrowserContextOptions {
  viewport: { width: number; height: number };
}

const SIZES: Size[] = [
  { viewport: { width: 1440, height: 900 } },
  { viewport: { width: 1024, height: 768 } },
  { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
];

/** Presses a button in the way that is usual for this screen size. */
async function press(button: Locator, { hasTouch, viewport: { width } }: Size): Promise<void> {
  if (hasTouch) await button.tap();
  else if (width > 1080) await button.press('Enter');
  else await button.click();
}

for (const size of SIZES) {
  const at = `at ${size.viewport.width} px`;
  test(`a file is entered, submitted, recalled and sent back ${at}`, async ({ browser, request }) => {
    test.setTimeout(120_000);
    const use = (button: Locator): Promise<void> => press(button, size);
    const by = (role: RoleName): Promise<Page> => person(browser, role, size);
    const title = `Relais ${Date.now()}`;
    const company = `Contactée ${title}`;
    const admin = await asAdmin(request);
    const sites = (await admin.get('/api/localisations')) as { data: { id: string; code: string }[] };
    const made = await admin.post('/api/entreprises', {
      name: company,
      localisationId: sites.data.find(({ code }) => code === 'AFPI-02')?.id,
      siret: freshSiret(),
      kind: 'pme',
      address: { postcode: '02100', city: 'Saint-Quentin' },
      contacts: [{ firstName: 'Zoé', lastName: 'Durand', function: 'RH', email: 'z.durand@exemple.fr' }],
    });
    expect(made.status).toBe(201);
    const commercial = await by('commercial');
    const main = commercial.getByRole('main');

    // The user can type as soon as the page is open, and can create an unknown company here.
    if (size.hasTouch) await commercial.getByRole('link', { name: 'Nouvelle opportunité' }).tap();
    else await commercial.keyboard.press('n');
    const picker = commercial.getByLabel('Entreprise');
    await expect(picker).toBeFocused();
    await commercial.keyboard.type('Inconnue & fils');
    const create = commercial.getByRole('option', { name: 'Créer l’entreprise « Inconnue & fils »' });
    if (size.hasTouch) await create.tap();
    else await create.click();
    const dialog = commercial.getByRole('dialog', { name: 'Nouvelle entreprise' });
    await expect(dialog.getByLabel('Raison sociale')).toHaveValue('Inconnue & fils');
    await expect(dialog.getByLabel('Raison sociale')).toBeFocused();
    await commercial.keyboard.press('Escape');
    await picker.fill(company);
    await commercial.getByRole('listbox').getByRole('option', { name: company }).first().click();
    await commercial.getByLabel('Intitulé').fill(title);
    await commercial.getByLabel('Budget estimé HT').fill('3 000,50');
    // A star marks the fields that are required. Here no field of the first section is required yet.
    const label = (name: string): Locator => main.locator('label').filter({ hasText: name }).filter({ hasText: '*' });
    await expect(label('Budget estimé HT')).toBeVisible();
    await expect(label('Début souhaité')).toHaveCount(0);
    await use(commercial.getByRole('button', { name: 'Créer l’opportunité' }));
    await expect(commercial.getByRole('heading', { level: 1, name: title })).toBeVisible();
    const path = new URL(commercial.url()).pathname;

    // The required fields are marked, and known contacts can be chosen.
    await expect(main.getByText('À remplir avant de continuer')).toBeVisible();
    await expect(label('Début souhaité')).toBeVisible();
    const contacts = commercial.getByRole('group', { name: /^Contacts/ });
    await use(contacts.getByRole('button', { name: 'Choisir un contact' }));
    await use(commercial.getByRole('menuitem', { name: /Zoé Durand/ }));
    await expect(contacts.getByRole('textbox', { name: 'Nom', exact: true })).toHaveValue('Zoé Durand');
    await expect(contacts.getByRole('textbox', { name: 'Courriel' })).toHaveValue('z.durand@exemple.fr');
    await commercial.getByLabel('Objectifs de la formation').fill('Souder en autonomie.');
    await commercial.getByLabel('Nombre de participants').fill('8');
    await commercial.getByLabel('Début souhaité').fill(mondayAhead(40));
    await use(commercial.getByRole('button', { name: /^Enregistrer, puis «\sSoumettre/ }));
    await expectStatus(commercial, 'En attente de validation');
    await expect(main.getByRole('tabpanel').getByText('*')).toHaveCount(0);
    await expectNoSideways(commercial, `a submitted file ${at}`);

    // The user takes the opportunité back and submits it again.
    await use(commercial.getByRole('button', { name: 'Autres actions' }));
    await use(commercial.getByRole('menuitem', { name: 'Reprendre la saisie' }));
    await expectStatus(commercial, 'Collecte en cours');
    await use(main.getByRole('button', { name: 'Soumettre pour validation', exact: true }));
    await expectStatus(commercial, 'En attente de validation');

    // The manager sees what the decision is based on, and both answers side by side.
    const manager = await by('manager');
    await manager.goto(path);
    const question = manager.getByRole('region', { name: 'À vous de décider' });
    await expect(question).toContainText('Zoé Durand');
    await expect(question).toContainText(/3\s000,50\s€/);
    await expect(question).not.toContainText('✗');
    const answer = (name: string): Locator => manager.getByRole('main').getByRole('button', { name, exact: true });
    await expect(answer('Valider')).toBeInViewport();
    await use(answer('Rejeter'));
    const why = manager.getByRole('dialog', { name: 'Rejeter' });
    await expect(why.getByLabel('Motif')).toBeFocused();
    await expect(why.getByRole('button', { name: 'Annuler' })).toHaveCount(0);
    await expect(why.getByRole('button', { name: 'Fermer' })).toBeVisible();
    await manager.keyboard.type('Préciser le lieu.');
    await use(why.getByRole('button', { name: 'Rejeter', exact: true }));
    await expectStatus(manager, 'Collecte en cours');

    // The inbox and the top of the opportunité show the person and the reason. No line begins with a colon.
    await commercial.goto('/');
    const waiting = commercial
      .getByRole('region', { name: 'À vous de jouer' })
      .getByRole('link')
      .filter({ hasText: title });
    await expect(waiting).toContainText(/Renvoyé par Manager Démo\s:\sPréciser le lieu\./);
    expect(await waiting.textContent()).toContain('Démo\u00a0:');
    await use(waiting);
    await expect(main.getByText(/^Renvoyé par Manager Démo, le .+\s:$/)).toBeVisible();
    await expect(main.locator('.notice')).toHaveText(/\s:\sPréciser le lieu\.$/);
    await commercial.getByLabel('Lieu souhaité').fill('Saint-Quentin');
    await use(commercial.getByRole('button', { name: 'Enregistrer', exact: true }));
    await expect(
      commercial.getByRole('region', { name: 'Suivi' }).getByText('1 champ modifié', { exact: true }),
    ).toBeVisible();
    await expectAccessible(commercial, `a file sent back ${at}`);

    // The user cancels the opportunité, and the dialog closes.
    await use(commercial.getByRole('button', { name: 'Autres actions' }));
    await use(commercial.getByRole('menuitem', { name: 'Annuler le dossier' }));
    const end = commercial.getByRole('dialog', { name: 'Annuler le dossier' });
    await expect(end.getByRole('button')).toHaveText(['Fermer', 'Annuler le dossier']);
    await use(end.getByRole('button', { name: 'Fermer' }));
    await expectStatus(commercial, 'Collecte en cours');
  });
}

/** Checks that no part of the rows extends beyond the page, at any size. */
async function expectRowsInside(page: Page, rows: Locator): Promise<void> {
  for (const { viewport } of SIZES) {
    await page.setViewportSize(viewport);
    const outside = await rows.evaluate((field) => {
      const { left, right } = field.getBoundingClientRect();
      const tools = [...field.querySelectorAll('.tools button')].map((tool) => tool.getBoundingClientRect());
      const scrolled = [...field.querySelectorAll('.scroll')].filter(
        (box) => box.scrollWidth > box.clientWidth + 1,
      ).length;
      return scrolled + tools.filter((tool) => tool.width > 0 && (tool.left < left || tool.right > right)).length;
    });
    expect(outside, `rows stick out at ${viewport.width} px`).toBe(0);
    await expectNoSideways(page, `rows at ${viewport.width} px`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('a quote adds up while it is typed; half-days come without days off; rows keep to their card', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await signIn(page, 'responsable');
  await createOpportunite(page, `Lignes ${Date.now()}`);
  await fillCollecte(page);
  await expectRowsInside(page, page.getByRole('group', { name: /^Contacts/ }));
  // At 1024 px the title keeps its width, and its buttons move below it.
  await forward(page, 'Soumettre pour validation', 'En attente de validation');
  await page.setViewportSize({ width: 1024, height: 768 });
  expect(
    (await page.getByRole('heading', { level: 1 }).boundingBox())?.height,
    'the title stands on one line',
  ).toBeLessThan(40);
  await page.setViewportSize({ width: 1440, height: 900 });
  await forward(page, 'Valider', 'Devis en cours');

  const lines = page.getByRole('group', { name: /^Lignes/ });
  await lines.getByRole('button', { name: 'Ajouter une ligne' }).click();
  await page.getByRole('combobox', { name: 'Libellé' }).fill('Soudage TIG');
  await page.getByRole('textbox', { name: 'Quantité' }).fill('4');
  await page.getByRole('textbox', { name: 'Prix unitaire HT' }).pressSequentially('1250,25');
  await expect(page.getByRole('tabpanel').getByText(/^5\s001,00\s€$/)).toHaveCount(3);
  await expect(page.getByText('Modifications non enregistrées').first()).toBeAttached();
  await expectRowsInside(page, lines);
  await lines.getByRole('button', { name: 'Supprimer la ligne 1' }).click();
  await fillDevis(page);
  await forward(page, 'Envoyer le devis', 'Devis envoyé');
  await acceptQuote(page);

  // Without a funder, the company pays everything.
  const hint = page.getByText('Aucun financeur : l’entreprise paie tout.');
  await expect(hint).toBeVisible();
  const funders = page.getByRole('group', { name: /^Financeurs/ });
  await funders.getByRole('button', { name: 'Ajouter une ligne' }).click();
  await expect(hint).toHaveCount(0);
  await expectRowsInside(page, funders);
  await funders.getByRole('button', { name: 'Supprimer la ligne 1' }).click();
  await expect(hint).toBeVisible();
  await forward(page, 'Valider le financement', 'Planification en cours');

  // The half-days go from a Friday to the Tuesday after Christmas. Christmas is the Monday between.
  const sessions = page.getByRole('group', { name: /^Demi-journées/ });
  const fill = async (): Promise<void> => {
    await sessions.getByLabel('Du', { exact: true }).fill('22/12/2028');
    await sessions.getByLabel('Au', { exact: true }).fill('26/12/2028');
    await sessions.getByLabel('Au', { exact: true }).press('Tab');
    await sessions.getByRole('button', { name: 'Ajouter ces demi-journées' }).click();
  };
  const days = sessions.getByRole('textbox', { name: 'Jour', exact: true });
  await fill();
  await expect(days).toHaveCount(4);
  expect(await days.evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value))).toEqual([
    '22/12/2028',
    '22/12/2028',
    '26/12/2028',
    '26/12/2028',
  ]);
  await expectRowsInside(page, sessions);
  await sessions.getByLabel('Week-ends et jours fériés compris').check();
  await fill();
  await expect(days).toHaveCount(10);
});
