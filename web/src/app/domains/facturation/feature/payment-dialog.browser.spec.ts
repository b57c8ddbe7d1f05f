import { Dialog } from '@angular/cdk/dialog';
import { TestBed } from '@angular/core/testing';
import { page, userEvent } from 'vitest/browser';
import { Api } from '../../../api/api';
import { createEncaissement } from '../../../api/fn/facturation/create-encaissement';
import { Creance } from '../../../api/models/creance';
import { Language, Texts, provideTranslations } from '../../../shared/i18n/language';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import { PaymentDialog } from './payment-dialog';

const TEXTS: Texts = { fr: () => Promise.resolve(fr), en: () => Promise.resolve(en) };

function owed(number: string, dueOn: string, balance: number): Creance {
  const of = {
    payer: { key: 'opco', name: 'OPCO 2i' },
    opportunite: { id: number, numero: `OPP-${number}`, title: '' },
  };
  const site = { localisation: { id: 'site', code: 'AFPI-60', name: 'Oise' } };
  return { ...of, ...site, id: number, pieceId: number, number, dueOn, issuedOn: dueOn, balance } as unknown as Creance;
}

describe('the dialog of a payment', () => {
  const sent: unknown[] = [];

  async function open(): Promise<void> {
    sent.length = 0;
    const invoke = (fn: unknown, params: { body?: unknown }): Promise<unknown> => {
      if (fn !== createEncaissement)
        return Promise.resolve({ data: [{ word: 'virement', label: { fr: 'Virement', en: 'Transfer' } }] });
      sent.push(params.body);
      return Promise.resolve({ pieces: [{ number: 'F3', balance: 240 }], rest: 0 });
    };
    TestBed.configureTestingModule({ providers: [provideTranslations(TEXTS), { provide: Api, useValue: { invoke } }] });
    await TestBed.inject(Language).use('fr');
    const data = [
      owed('F3', '2026-11-30', 51_240),
      owed('F1', '2026-10-01', 84_000),
      owed('F2', '2026-10-15', 105_000),
    ];
    TestBed.inject(Dialog).open(PaymentDialog, { data, panelClass: 'dialog-panel', ariaLabelledBy: 'payment-title' });
    TestBed.tick();
    await expect.element(page.getByLabelText('Mode')).toHaveValue('virement');
  }
  const shares = (): string[] =>
    [...document.querySelectorAll('tbody tr')].map((row) =>
      [...row.querySelectorAll('td')]
        .map((cell) => cell.textContent.replace(/\s/g, ' ').trim().split('OPCO')[0])
        .join(' | '),
    );
  async function receive(amount: string): Promise<void> {
    await page.getByLabelText('Montant reçu').click();
    await userEvent.keyboard(`{Control>}a{/Control}${amount}`);
  }

  it('shows what each invoice gets while the amount is typed, the oldest first', async () => {
    await open();
    await receive('2400,00');
    await expect.poll(shares).toEqual(['F1 | 840,00 € | 0,00 €', 'F2 | 1 050,00 € | 0,00 €', 'F3 | 510,00 € | 2,40 €']);
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect
      .poll(() => sent)
      .toMatchObject([{ amount: 240_000, mode: 'virement', keepRest: false, pieces: [{}, {}, {}] }]);
  });

  it('tells what no invoice takes, and lets people keep it', async () => {
    await open();
    await receive('2421,92');
    await expect.element(page.getByText('Il reste 19,52')).toBeVisible();
    await page.getByLabelText('Garder ce reste en crédit du client').click();
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect.poll(() => sent).toMatchObject([{ amount: 242_192, keepRest: true }]);
  });
});
