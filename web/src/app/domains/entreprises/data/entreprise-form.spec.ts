import { NonNullableFormBuilder } from '@angular/forms';
import { TestBed } from '@angular/core/testing';
import { Entreprise } from '../../../api/models/entreprise';
import { body, changes, entrepriseForm, fill, valuesOf } from './entreprise-form';

const RECORD = {
  id: 'e', version: 3, name: 'Atelier', siret: null, headcount: 12, tags: ['fidèle', 'métal'], active: true, localisationId: 'l', notes: null,
  address: { city: 'Creil', country: 'France' }, contacts: [{ id: 'c', firstName: null, lastName: 'Leroy', function: null, email: null, phone: null, main: true }],
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
    expect(body(before).contacts).toEqual([{ id: 'c', firstName: null, lastName: 'Leroy', function: null, email: null, phone: null, main: true }]);
  });

  it('takes notes as long as the API does', () => {
    const { notes } = entrepriseForm(fb()).controls;
    notes.setValue('x'.repeat(10_000));
    expect(notes.valid).toBe(true);
    notes.setValue('x'.repeat(10_001));
    expect(notes.errors).toHaveProperty('maxlength');
  });
});
