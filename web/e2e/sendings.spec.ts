/**
 * A quote is sent, comes back signed and is accepted; a session's invitations leave together. The demo has no mail
 * server, and says so.
 */
import { Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, signIn, test } from './support/app';

const PDF = Buffer.from('%PDF-1.4\n% signé\n%%EOF\n');

/** Opens an opportunité whose quote waits for an answer. */
async function quoted(page: Page): Promise<void> {
  await page.goto('/opportunites?statut=devis_envoye');
  await page.getByRole('table').getByRole('link').first().click();
  await expect(page.getByRole('region', { name: 'Documents' })).toBeVisible();
}

test('a quote is sent, comes back signed and is accepted', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'admin');
  await quoted(page);
  const documents = page.getByRole('region', { name: 'Documents' });
  const send = documents.getByRole('button', { name: /^Envoyer Devis/ }).first();
  await send.click();
  const dialog = page.getByRole('dialog', { name: /^Envoyer : Devis/ });
  await expect(dialog.getByLabel('Objet')).toHaveValue(/^Devis /);
  await expect(dialog.getByText('Aucun serveur de messagerie')).toBeVisible();
  await expectAccessible(page, 'the dialog that sends');
  await dialog.getByLabel(/adresses/i).fill('pas une adresse');
  await dialog.getByRole('button', { name: 'Envoyer', exact: true }).click();
  await expect(dialog.getByText('Adresse e-mail invalide')).toBeVisible();
  await dialog.getByLabel(/adresses/i).fill('achats@exemple.fr');
  await dialog.getByLabel('Objet').fill('Votre devis');
  await dialog.getByRole('button', { name: 'Envoyer', exact: true }).click();
  await expectToast(page, 'E-mail en cours d’envoi');
  await expect(documents.getByText(/Écrit dans un dossier du serveur pour .*achats@exemple\.fr/)).toBeVisible();
  await expectAccessible(page, 'a record with a sent quote');

  // The signed copy comes back, and accepts the quote.
  await documents
    .getByRole('button', { name: /^Actions sur Devis/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Déposer l’exemplaire signé' }).click();
  const signing = page.getByRole('dialog', { name: /^Exemplaire signé : Devis/ });
  await signing.getByRole('button', { name: 'Déposer' }).click();
  await expect(signing.getByText('Ce champ est obligatoire')).toHaveCount(2);
  await signing.getByLabel('Fichier').setInputFiles({ name: 'signe.pdf', mimeType: 'application/pdf', buffer: PDF });
  await signing.getByLabel('Signataire').fill('Léa Roy');
  await expectAccessible(page, 'the dialog of a signed copy');
  await signing.getByRole('button', { name: 'Déposer' }).click();
  await expectToast(page, 'Exemplaire signé déposé');
  await documents.getByRole('button', { name: /^Signé par Léa Roy/ }).click();
  await expect(page.getByRole('dialog', { name: 'signe.pdf' })).toBeVisible();
  await page.keyboard.press('Escape');
  await documents.getByRole('button', { name: /^Accepter : Devis/ }).click();
  const accepting = page.getByRole('dialog', { name: 'Devis accepté' });
  await expect(accepting.getByLabel('Signataire')).toHaveValue('Léa Roy');
  await accepting.getByRole('button', { name: 'Devis accepté' }).click();
  await expectToast(page, /montage|Montage/);
  await expect(documents.getByRole('button', { name: /^Accepter/ })).toHaveCount(0);
  const history = page.getByRole('region', { name: 'Suivi' });
  await history
    .getByText(/champs? modifié/)
    .first()
    .click();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'a record with a signed quote');
});

test('documents of all trainees leave together', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'admin');
  await page.goto('/sessions?status=confirmee');
  // A session with trainees.
  const rows = page.getByRole('table', { name: 'Sessions' }).getByRole('row');
  const attended = rows.filter({ has: page.locator('td[data-label=Stagiaires]', { hasText: /^\s*[1-9]/ }) });
  await attended.getByRole('link').first().click();
  await page.getByRole('button', { name: 'Envoyer des documents' }).click();
  const dialog = page.getByRole('dialog', { name: 'Envoyer à tous les stagiaires' });
  await dialog.getByRole('combobox', { name: 'Document' }).selectOption({ label: 'Convocation' });
  const list = dialog.getByRole('list', { name: 'Documents prévus' });
  await expect(list.getByRole('checkbox').first()).toBeVisible();
  await expectAccessible(page, 'a planned batch');
  const start = dialog.getByRole('button', { name: /^Créer et envoyer/ });
  // Those that were sent before are not chosen, but can be.
  await list.locator('input:enabled').first().check();
  const chosen = await list.getByRole('checkbox', { checked: true }).count();
  await start.click();
  await expect(dialog.getByRole('status')).toContainText(`Terminé : ${chosen} créé`, { timeout: 60_000 });
  await expectAccessible(page, 'a finished batch');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page, 'a batch on a telephone');
});
