import { NonNullableFormBuilder } from '@angular/forms';
import { TestBed } from '@angular/core/testing';
import { AnnuaireEntreprise } from '../../../api/models/annuaire-entreprise';
import { entrepriseForm } from './entreprise-form';
import { fill, searchedIn } from './annuaire-fill';

const FORGES: AnnuaireEntreprise = {
  source: 'annuaire',
  name: 'FORGES DU THERAIN',
  siret: '90000001900027',
  siren: '900000019',
  vatNumber: 'FR30900000019',
  nafCode: '25.62B',
  nafNomenclature: 'NAF rév. 2',
  address: { line1: '12 B ZONE DU TILLOY', line2: null, postcode: '60000', city: 'BEAUVAIS', country: 'FR' },
  idcc: ['3248'],
  headcount: { least: 50, most: 99 },
  closed: false,
  opco: null,
  existing: null,
};

describe('a company of a directory', () => {
  const form = (): ReturnType<typeof entrepriseForm> => entrepriseForm(TestBed.inject(NonNullableFormBuilder));
  const type = (control: { setValue(value: string): void; markAsDirty(): void }, text: string): void => {
    control.setValue(text);
    control.markAsDirty();
  };

  it('is searched by a whole SIRET, otherwise by a name and a postcode', () => {
    const typed = form();
    expect(searchedIn(typed)).toBeNull();
    typed.controls.name.setValue('Fo');
    expect(searchedIn(typed)).toBeNull();
    typed.controls.name.setValue('Forges');
    expect(searchedIn(typed)).toEqual({ q: 'Forges', byName: true });
    typed.controls.address.controls.postcode.setValue('60000');
    expect(searchedIn(typed)).toEqual({ q: 'Forges', codePostal: '60000', byName: true });
    typed.controls.siret.setValue('900 000 019');
    expect(searchedIn(typed)).toBeNull();
    typed.controls.siret.setValue('900 000 019 00027');
    expect(searchedIn(typed)).toEqual({ q: '90000001900027', byName: false });
  });

  it('fills what is empty or untouched, and keeps what was typed', () => {
    const typed = form();
    type(typed.controls.name, 'Les Forges');
    type(typed.controls.siret, '90000001900027');
    type(typed.controls.address.controls.city, 'Tillé');
    fill(typed, FORGES, false);
    const { name, siret, nafCode, idcc, opco, vatNumber, address } = typed.getRawValue();
    expect([name, siret, nafCode, idcc, vatNumber]).toEqual([
      'Les Forges',
      '900 000 019 00027',
      '25.62B',
      '3248',
      'FR30900000019',
    ]);
    expect(address).toEqual({
      line1: '12 B ZONE DU TILLOY',
      line2: '',
      postcode: '60000',
      city: 'Tillé',
      country: 'FR',
    });
    expect(opco).toBe('');
    expect(typed.dirty).toBe(true);
  });

  it('takes its own name when that was searched for, and leaves nothing of the one before', () => {
    const typed = form();
    type(typed.controls.name, 'forges');
    fill(typed, FORGES, true);
    expect(typed.controls.name.value).toBe('FORGES DU THERAIN');
    fill(typed, { ...FORGES, name: 'FORGE DE BRESLES', nafCode: null, idcc: ['3248', '0016'] }, true);
    const { name, nafCode, idcc } = typed.getRawValue();
    expect([name, nafCode, idcc]).toEqual(['FORGE DE BRESLES', '', '']);
  });
});
