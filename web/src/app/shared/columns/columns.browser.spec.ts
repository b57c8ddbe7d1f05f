import { ChangeDetectionStrategy, Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { page, userEvent } from 'vitest/browser';
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
          @for (column of columns.shown(); track column.id) {
            @if (column.field; as field) {
              <td [afpiCell]="field" [item]="item"></td>
            } @else {
              <td>{{ column.label }}</td>
            }
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
  let list: List;
  async function open(): Promise<void> {
    TestBed.configureTestingModule({
      providers: [
        provideTranslations(),
        { provide: Api, useValue: { invoke: () => Promise.resolve({ data: [SALLE] }) } },
      ],
    });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(List);
    list = fixture.componentInstance;
    await fixture.whenStable();
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
    const offered = page.getByRole('dialog').getByRole('checkbox');
    await expect.poll(() => offered.elements().length).toBe(4);
    await page.getByRole('checkbox', { name: 'Localisation' }).click();
    await page.getByRole('checkbox', { name: 'Tarif' }).click();
    await page.getByRole('checkbox', { name: 'Type' }).click();
    await page.getByRole('checkbox', { name: 'Capacité' }).click();
    await expect.poll(texts).toEqual(['A12', 'Lens', '12,50 €', 'Atelier']);
    expect(localStorage.getItem('afpi.columns.salle')).toBe('localisationId,rate,kind');
    // In another order, and one of them wider. The focus stays on the row that moved.
    await page.getByRole('button', { name: 'Placer « Type » plus tôt' }).click();
    await expect.element(page.getByRole('button', { name: 'Placer « Type » plus tôt' })).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('button', { name: 'Placer « Type » plus tard' })).toHaveFocus();
    await userEvent.selectOptions(page.getByLabelText('Largeur de « Tarif »'), 'Large');
    await page.getByRole('button', { name: 'Terminé' }).click();
    await expect.poll(texts).toEqual(['A12', 'Atelier', 'Lens', '12,50 €']);
    expect(localStorage.getItem('afpi.columns.salle')).toBe('kind,localisationId,rate:280');
    TestBed.resetTestingModule();
    await open();
    await expect.poll(texts).toEqual(['A12', 'Atelier', 'Lens', '12,50 €']);
  });

  it('are those of a saved view while it is shown, and the own ones afterwards', async () => {
    localStorage.setItem('afpi.columns.salle', 'capacity');
    await open();
    list.columns.use([{ id: 'rate', width: 110 }, { id: 'gone' }, { id: 'capacity' }]);
    await expect.poll(texts).toEqual(['A12', '12,50 €', 'Capacité']);
    list.columns.toggle('capacity');
    await expect.poll(texts).toEqual(['A12', '12,50 €']);
    expect(localStorage.getItem('afpi.columns.salle')).toBe('capacity');
    list.columns.use(null);
    await expect.poll(texts).toEqual(['A12', 'Capacité']);
  });
});
