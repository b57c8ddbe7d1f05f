import { TestBed } from '@angular/core/testing';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { NEVER } from 'rxjs';
import { page } from 'vitest/browser';
import { StagiaireCreate } from '../../../api/models/stagiaire-create';
import { StagiairePreviewRow } from '../../../api/models/stagiaire-preview-row';
import { StagiairesPreview } from '../../../api/models/stagiaires-preview';
import { Language, Texts, provideTranslations } from '../../../shared/i18n/language';
import { en as sharedEn } from '../../../shared/i18n/en';
import { fr as sharedFr } from '../../../shared/i18n/fr';
import { StagiaireClient } from '../data/stagiaire-client';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import { PasteDialog } from './paste-dialog';

const TEXTS: Texts = {
  fr: () => Promise.resolve({ ...sharedFr, ...fr }),
  en: () => Promise.resolve({ ...sharedEn, ...en }),
};
const row = (line: number, lastName: string, more: Partial<StagiairePreviewRow> = {}): StagiairePreviewRow => ({
  ...{ line, lastName, firstName: 'Zoé', birthDate: '', email: '', phone: '', company: '', function: '', status: '' },
  ...{ needs: '', problems: [], duplicate: null },
  ...more,
});

/** The server, as far as the dialog sees it. */
class Client {
  added: StagiaireCreate[] = [];
  preview(): Promise<StagiairesPreview> {
    const message = { fr: 'Ce n’est pas une date.', en: 'This is no date.' };
    const rows = [
      row(2, 'Martin', { birthDate: '1990-01-02' }),
      row(3, 'Petit', { problems: [{ field: 'birthDate', code: 'day', message }], birthDate: '31/02/1990' }),
      row(4, 'Roux', { duplicate: 'Roux Zoé' }),
    ];
    return Promise.resolve({ header: true, columns: [{ heading: 'Nom', field: 'lastName' }], rows, leftOut: 0 });
  }
  addAll(_: string, people: StagiaireCreate[]): Promise<number> {
    this.added = people;
    return Promise.resolve(people.length);
  }
}

describe('rows pasted from a spreadsheet', () => {
  it('are shown as they were read, and only those that are right are added', async () => {
    const client = new Client();
    const closed: unknown[] = [];
    const ref = {
      close: (value: unknown) => closed.push(value),
      keydownEvents: NEVER,
      backdropClick: NEVER,
      disableClose: false,
    };
    TestBed.configureTestingModule({
      providers: [
        provideTranslations(TEXTS),
        { provide: DIALOG_DATA, useValue: 'o' },
        { provide: DialogRef, useValue: ref },
        { provide: StagiaireClient, useValue: client },
      ],
    });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(PasteDialog);
    await fixture.whenStable();
    await page.getByRole('textbox', { name: 'Lignes collées' }).fill('Nom\tPrénom');
    await page.getByRole('button', { name: 'Lire les lignes' }).click();
    await expect.element(page.getByText('naissance : Ce n’est pas une date.')).toBeVisible();
    await expect.element(page.getByRole('checkbox', { name: 'Ajouter la ligne 3' })).toBeDisabled();
    await expect.element(page.getByRole('checkbox', { name: 'Ajouter la ligne 4' })).not.toBeChecked();
    await page.getByRole('checkbox', { name: 'Ajouter la ligne 4' }).click();
    await page.getByRole('button', { name: 'Ajouter 2 stagiaires' }).click();
    expect(client.added).toEqual([
      { lastName: 'Martin', firstName: 'Zoé', birthDate: '1990-01-02' },
      { lastName: 'Roux', firstName: 'Zoé' },
    ]);
    expect(closed).toEqual([2]);
  });
});
