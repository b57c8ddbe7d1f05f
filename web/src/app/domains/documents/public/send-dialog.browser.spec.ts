import { Dialog } from '@angular/cdk/dialog';
import { TestBed } from '@angular/core/testing';
import { page, userEvent } from 'vitest/browser';
import { Api } from '../../../api/api';
import { createDocuments } from '../../../api/fn/documents/create-documents';
import { listDocumentSendings } from '../../../api/fn/documents/list-document-sendings';
import { sendDocument } from '../../../api/fn/documents/send-document';
import { Document } from '../../../api/models/document';
import { DocumentSending } from '../../../api/models/document-sending';
import { Language, Texts, provideTranslations } from '../../../shared/i18n/language';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import { SendQuestion, askToSend } from './send-dialog';

const TEXTS: Texts = { fr: () => Promise.resolve(fr), en: () => Promise.resolve(en) };

const QUOTE = {
  id: 'quote',
  opportuniteId: 'file',
  kind: 'devis',
  aboutId: 'piece',
  aboutDay: null,
  language: 'fr',
  state: 'ready',
  title: 'Devis D2026-00001',
  fileName: 'DEV-2026-00001',
} as unknown as Document;

describe('the dialog that sends a document', () => {
  const sent: unknown[] = [];

  async function open(question: Partial<SendQuestion> = {}, mailServer = true): Promise<void> {
    sent.length = 0;
    const invoke = (fn: unknown, params: Record<string, unknown>): Promise<unknown> => {
      switch (fn) {
        case listDocumentSendings: {
          const english = params['id'] === 'english';
          const recipients = [
            { name: 'Léa Roy', email: 'lea@exemple.fr', usual: true },
            { name: 'Paul Petit', email: 'paul@exemple.fr', usual: false },
          ];
          return Promise.resolve({
            data: [],
            proposal: {
              subject: english ? 'Quote D2026-00001' : 'Devis D2026-00001',
              body: english ? 'Hello,' : 'Bonjour,',
              recipients,
              enclosures: [
                { id: 'copy', title: 'Facture F2026-1', size: 1 },
                { id: 'other', title: 'Facture F2026-2', size: 1 },
              ],
              from: 'AFPI Oise',
              replyTo: 'moi@afpi.test',
              mailServer,
            },
          });
        }
        case createDocuments:
          sent.push(params['body']);
          return Promise.resolve({ data: [{ ...QUOTE, id: 'english', language: 'en', state: 'waiting' }] });
        case sendDocument:
          sent.push([params['id'], params['body']]);
          return Promise.resolve({});
        default:
          throw new Error('another request');
      }
    };
    TestBed.configureTestingModule({ providers: [provideTranslations(TEXTS), { provide: Api, useValue: { invoke } }] });
    await TestBed.inject(Language).use('fr');
    void askToSend(TestBed.inject(Dialog), { document: QUOTE, languages: ['fr', 'en'], others: [QUOTE], ...question });
    TestBed.tick();
    await expect.element(page.getByLabelText('Léa Roy')).toBeVisible();
  }
  const send = (): Promise<void> => page.getByRole('button', { name: 'Envoyer', exact: true }).click();

  it('sends to those who usually get it and to typed addresses, with the edited text', async () => {
    await open();
    await expect.element(page.getByLabelText('Léa Roy')).toBeChecked();
    await expect.element(page.getByLabelText('Paul Petit')).not.toBeChecked();
    await page.getByLabelText('Autres adresses').fill('compta@exemple.fr; lea@exemple.fr');
    await page.getByLabelText('Message').fill('Bonjour Léa,');
    await page.getByLabelText('M’envoyer une copie').click();
    await page.getByLabelText('Facture F2026-2').click();
    await send();
    const body = {
      to: ['lea@exemple.fr', 'compta@exemple.fr'],
      subject: 'Devis D2026-00001',
      body: 'Bonjour Léa,',
      copy: true,
      enclosures: ['copy'],
    };
    await expect.poll(() => sent).toEqual([['quote', body]]);
  });

  it('needs a recipient, and addresses that are some', async () => {
    await open();
    await page.getByLabelText('Léa Roy').click();
    await send();
    await expect.element(page.getByText('Ce champ est obligatoire')).toBeVisible();
    await page.getByLabelText('Autres adresses').fill('pas une adresse');
    await send();
    await expect.element(page.getByText('Adresse e-mail invalide')).toBeVisible();
    expect(sent).toEqual([]);
    await page.getByLabelText('Paul Petit').click();
    await page.getByLabelText('Autres adresses').fill('');
    await send();
    await expect.poll(() => sent).toMatchObject([['quote', { to: ['paul@exemple.fr'] }]]);
  });

  it('makes the document in the other language, and takes its text', async () => {
    await open();
    await userEvent.selectOptions(page.getByLabelText('Langue du document'), 'en');
    await expect.element(page.getByLabelText('Objet')).toHaveValue('Quote D2026-00001');
    await expect.element(page.getByText('il partira dès qu’il sera prêt')).toBeVisible();
    await send();
    await expect
      .poll(() => sent)
      .toMatchObject([{ kind: 'devis', language: 'en', subjects: [{ id: 'piece' }] }, ['english', { body: 'Hello,' }]]);
  });

  it('corrects a mail that was refused', async () => {
    const again = { to: ['lea@exemlpe.fr'], copy: false, subject: 'Mon objet', body: 'Mon texte' };
    await open({ again: again as DocumentSending });
    await expect.element(page.getByLabelText('Léa Roy')).not.toBeChecked();
    await expect.element(page.getByLabelText('Autres adresses')).toHaveValue('lea@exemlpe.fr');
    await expect.element(page.getByLabelText('Objet')).toHaveValue('Mon objet');
  });

  it('says plainly that nothing leaves without a mail server', async () => {
    await open({}, false);
    await expect.element(page.getByText('Aucun serveur de messagerie n’est configuré')).toBeVisible();
  });
});
