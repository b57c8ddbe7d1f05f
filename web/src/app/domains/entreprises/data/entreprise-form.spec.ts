import { NonNullableFormBuilder } from '@angular/forms';
import { TestBed } from '@angular/core/testing';
import { Entreprise } from '../../../api/models/entreprise';
import { body, changes, entrepriseForm, fill, valuesOf } from './entreprise-form';

const RECORD = {
  id: 'e',
  version: 3,
  name: 'Atelier',
  siret: null,
  headcount: 12,
  tags: ['fidèle', 'métal'],
  active: true,
  localisationId: 'l',
  notes: null,
  address: { city: 'Creil', country: 'FR' },
  contacts: [{ id: 'c', firstName: null, lastName: 'Leroy', function: null, email: null, phone: null, main: true }],
} as unknown as Entreprise;

describe('the company form', () => {
  const fb = (): NonNullableFormBuilder => TestBed.inject(NonNullableFormBuilder);

  it('shows a record and sends only what was changed', () => {
    const form = entrepriseForm(fb());
    const before = valuesOf(fb(), RECORD);
    fill(form, fb(), before);
    expect(changes(form.getRawValue(), before)).toEqual({});
    form.controls.address.controls.city.setValue('Beauvais');
    form.controls.contacts.removeAt(0);
    const sent = changes(form.getRawValue(), before);
    expect(Object.keys(sent)).toEqual(['address', 'contacts']);
    expect(sent.address?.city).toBe('Beauvais');
    expect(body(before).contacts).toEqual([
      { id: 'c', firstName: null, lastName: 'Leroy', function: null, email: null, phone: null, main: true },
    ]);
  });

  it('takes notes as long as the API does', () => {
    const { notes } = entrepriseForm(fb()).controls;
    notes.setValue('x'.repeat(10_000));
    expect(notes.valid).toBe(true);
    notes.setValue('x'.repeat(10_001));
    expect(notes.errors).toHaveProperty('maxlength');
  });

  it('takes a SIRET that is typed as the name, and leaves the name of a record alone', () => {
    const { name, siret } = entrepriseForm(fb()).controls;
    name.setValue('73282932000074');
    expect(siret.value).toBe('');
    name.markAsDirty();
    name.setValue('732 829 320 00075');
    expect(siret.value).toBe('');
    name.setValue('732 829 320 00074');
    expect([name.value, siret.value]).toEqual(['', '732 829 320 00074']);
    name.setValue('35600000000048');
    expect([name.value, siret.value]).toEqual(['35600000000048', '732 829 320 00074']);
  });

  it('derives the VAT number from the SIRET, and again when that is corrected', () => {
    const { siret, vatNumber } = entrepriseForm(fb()).controls;
    siret.setValue('732 829 320 00074');
    expect(vatNumber.value).toBe('FR44732829320');
    siret.setValue('732 829 320 0007');
    expect(vatNumber.value).toBe('FR44732829320');
    siret.setValue('44306184100047');
    expect(vatNumber.value).toBe('FR64443061841');
    siret.setValue('');
    expect(vatNumber.value).toBe('');
  });

  it('keeps the VAT number somebody typed', () => {
    const { siret, vatNumber } = entrepriseForm(fb()).controls;
    siret.setValue('73282932000074');
    vatNumber.setValue('BE0123456789');
    siret.setValue('44306184100047');
    expect(vatNumber.value).toBe('BE0123456789');
  });

  it('derives anew on a record that came with both', () => {
    const form = entrepriseForm(fb());
    fill(form, fb(), valuesOf(fb(), { ...RECORD, siret: '73282932000074', vatNumber: 'FR 44 732829320' }));
    expect(form.controls.vatNumber.value).toBe('FR 44 732829320');
    form.controls.siret.setValue('44306184100047');
    expect(form.controls.vatNumber.value).toBe('FR64443061841');
  });
});
