import { ChangeDetectionStrategy, Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { page } from 'vitest/browser';
import { Api } from '../../api/api';
import { Description } from '../../api/models/description';
import { DescriptionField } from '../../api/models/description-field';
import { Language, provideTranslations } from '../i18n/language';
import { ColumnChoice } from './column-choice';
import { listColumns } from './columns';
import { DescribedCell } from './described-cell';

function field(name: string, fr: string, more: Partial<DescriptionField> = {}): DescriptionField {
  const base = { listed: true, exported: true, imported: false, personal: false, searched: false };
  return { ...base, name, label: { fr, en: `${fr} (en)` }, shape: 'text', shows: name, ...more };
}
const SALLE: Description = {
  kind: 'salle',
  label: { fr: 'Salles', en: 'Rooms' },
  fields: [
    field('name', 'Nom'),
    field('capacity', 'Capacité', { shape: 'count' }),
    field('localisationId', 'Localisation', { shape: 'reference', shows: 'localisation.name' }),
    field('rate', 'Tarif', { shape: 'cents' }),
    field('kind', 'Type', { shape: 'word', words: [{ word: 'tp', label: { fr: 'Atelier', en: 'Workshop' } }] }),
    field('internal', 'Interne', { listed: false }),
  ],
};

@Component({
  imports: [ColumnChoice, DescribedCell],
  template: `
    <afpi-column-choice [columns]="columns" />
    <table>
      <tbody>
        <tr>
          <td>{{ item.name }}</td>
          @if (columns.has('capacity')) {
            <td>{{ columns.label('capacity') }}</td>
          }
          @for (field of columns.further(); track field.name) {
            <td [afpiCell]="field" [item]="item"></td>
          }
        </tr>
      </tbody>
    </table>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class List {
  readonly item = { name: 'A12', capacity: 12, localisation: { name: 'Lens' }, rate: 1250, kind: 'tp' };
  readonly columns = listColumns('salle', ['name'], [{ id: 'capacity', first: true }]);
}

describe('the columns of a list', () => {
  async function open(): Promise<void> {
    TestBed.configureTestingModule({
      providers: [
        provideTranslations(),
        { provide: Api, useValue: { invoke: () => Promise.resolve({ data: [SALLE] }) } },
      ],
    });
    await TestBed.inject(Language).use('fr');
    await TestBed.createComponent(List).whenStable();
  }
  const texts = (): string[] =>
    [...document.querySelectorAll('td')].map((cell) => cell.textContent.replace(/\s/g, ' ').trim());

  beforeEach(() => {
    localStorage.clear();
  });

  it('are the drawn ones at first, then what somebody chooses, in this browser', async () => {
    await open();
    await expect.poll(texts).toEqual(['A12', 'Capacité']);
    await page.getByRole('button', { name: 'Colonnes' }).click();
    const offered = page.getByRole('menuitemcheckbox');
    await expect
      .poll(() => offered.elements().map((one) => one.textContent.trim()))
      .toEqual(['Capacité', 'Localisation', 'Tarif', 'Type']);
    await page.getByRole('menuitemcheckbox', { name: 'Localisation' }).click();
    await page.getByRole('button', { name: 'Colonnes' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Tarif' }).click();
    await page.getByRole('button', { name: 'Colonnes' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Type' }).click();
    await page.getByRole('button', { name: 'Colonnes' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Capacité' }).click();
    await expect.poll(texts).toEqual(['A12', 'Lens', '12,50 €', 'Atelier']);
    expect(localStorage.getItem('afpi.columns.salle')).toBe('localisationId,rate,kind');
    TestBed.resetTestingModule();
    await open();
    await expect.poll(texts).toEqual(['A12', 'Lens', '12,50 €', 'Atelier']);
  });
});
