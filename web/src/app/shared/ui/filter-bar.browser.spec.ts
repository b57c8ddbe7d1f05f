import { ChangeDetectionStrategy, Component, computed, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { page, userEvent } from 'vitest/browser';
import { Language, provideTranslations } from '../i18n/language';
import { Filter } from './filter';
import { FilterBar } from './filter-bar';
import { QueryState } from './query-state';

const DEFAULTS = { q: '', etape: '', statut: '', actif: 'true', retard: '' };
type Name = keyof typeof DEFAULTS;
const named = (...values: string[]): { value: string; name: string }[] =>
  values.map((value) => ({ value, name: value.toUpperCase() }));

@Component({
  imports: [FilterBar],
  template: `<afpi-filter-bar [state]="state" search="common.columns" [filters]="filters" />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class List {
  readonly values = signal<Record<Name, string>>(DEFAULTS);
  readonly state: QueryState<Name> = {
    values: this.values,
    defaults: DEFAULTS,
    set: (changes) => {
      this.values.update((before) => ({ ...before, ...changes }));
    },
    clear: () => {
      this.values.set(DEFAULTS);
    },
    active: computed(() => this.values() !== DEFAULTS),
  };
  readonly filters: Filter[] = [
    { name: 'etape', label: 'common.columns', any: 'common.no', options: named('devis', 'facture'), clears: 'statut' },
    { name: 'statut', label: 'common.save', any: 'common.no', options: named('pret') },
    { name: 'actif', label: 'common.active', any: 'common.no', options: named('true', 'false') },
    { name: 'retard', label: 'common.inactive', on: '1' },
  ];
}

describe('the filters above a list', () => {
  let list: List;
  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideTranslations()] });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(List);
    list = fixture.componentInstance;
    await fixture.whenStable();
  });
  const chips = (): string[] => [...document.querySelectorAll('[data-filter]')].map((one) => one.ariaLabel ?? '');
  const add = async (name: string): Promise<void> => {
    document.querySelector<HTMLElement>('.add')?.focus();
    await userEvent.keyboard('{Enter}');
    await page.getByRole('menuitem', { name, exact: true }).click();
  };

  it('are added, changed and removed with the keyboard', async () => {
    expect(chips()).toEqual([]);
    await add('Inactif');
    await expect.poll(() => list.values().retard).toBe('1');
    await expect.element(page.getByRole('button', { name: 'Retirer le filtre « Inactif »' })).toHaveFocus();
    await userEvent.keyboard('{Delete}');
    await expect.poll(() => list.values().retard).toBe('');
    await expect.element(page.getByRole('button', { name: 'Filtrer' })).toHaveFocus();
  });

  it('show a chip while it has a value, and one that was left without a value goes', async () => {
    await add('Actif');
    const choice = page.getByRole('combobox', { name: 'Actif' });
    await expect.element(choice).toHaveFocus();
    await userEvent.selectOptions(choice, 'Non');
    await expect.poll(() => list.values().actif).toBe('');
    await expect.element(choice).toBeVisible();
    await userEvent.selectOptions(choice, 'TRUE');
    await page.getByRole('searchbox').click();
    await expect.element(choice).not.toBeInTheDocument();
  });

  it('take the value from a filter that hangs on them', async () => {
    list.values.set({ ...DEFAULTS, etape: 'devis', statut: 'pret' });
    await userEvent.selectOptions(page.getByRole('combobox').first(), 'FACTURE');
    await expect.poll(() => list.values()).toMatchObject({ etape: 'facture', statut: '' });
  });
});
