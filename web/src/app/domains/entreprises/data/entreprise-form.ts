/** The company form: its controls and its request. Checks what a browser can check (SIRET key, e-mail, lengths). */
import { FormArray, FormControl, NonNullableFormBuilder, Validators } from '@angular/forms';
import { Contact } from '../../../api/models/contact';
import { ContactInput } from '../../../api/models/contact-input';
import { Entreprise } from '../../../api/models/entreprise';
import { EntrepriseCreate } from '../../../api/models/entreprise-create';
import { EntrepriseKind } from '../../../api/models/entreprise-kind';
import { email } from '../../../shared/forms/email';
import { digits, formatSiret, isSiret, siretValidator, vatOf } from '../../../shared/forms/siret';

/** The default country. */
export const FRANCE = 'FR';

type Builder = NonNullableFormBuilder;
export type ContactForm = ReturnType<typeof contactForm>;
export type EntrepriseForm = ReturnType<typeof entrepriseForm>;

export function contactForm(fb: Builder, contact?: Omit<Contact, 'id'> & { id: string | null }) {
  return fb.group({
    id: new FormControl<string | null>(contact?.id ?? null),
    firstName: [contact?.firstName ?? ''],
    lastName: [contact?.lastName ?? '', Validators.required],
    function: [contact?.function ?? ''],
    email: [contact?.email ?? '', email],
    phone: [contact?.phone ?? ''],
    main: [contact?.main ?? false],
  });
}

export function entrepriseForm(fb: Builder) {
  const form = fb.group({
    name: ['', [Validators.required, Validators.maxLength(200)]],
    siret: ['', siretValidator],
    vatNumber: [''],
    nafCode: [''],
    idcc: [''],
    opco: [''],
    kind: fb.control<EntrepriseKind | ''>(''),
    headcount: new FormControl<number | null>(null, [Validators.min(0), Validators.max(1_000_000)]),
    address: fb.group({ line1: [''], line2: [''], postcode: [''], city: [''], country: [FRANCE] }),
    phone: [''],
    email: ['', email],
    website: [''],
    tags: [''],
    notes: ['', Validators.maxLength(10_000)],
    active: [true],
    localisationId: [''],
    contacts: new FormArray<ContactForm>([]),
  });
  deriveVat(form.controls.siret, form.controls.vatNumber);
  takeSiret(form.controls.name, form.controls.siret);
  return form;
}

/** A SIRET that somebody types or pastes as the name goes where it belongs. */
function takeSiret(name: FormControl<string>, siret: FormControl<string>): void {
  name.valueChanges.subscribe((text) => {
    if (!name.dirty || siret.value !== '' || !/^[\d\s]+$/.test(text) || !isSiret(digits(text))) return;
    siret.setValue(formatSiret(digits(text)));
    siret.markAsDirty();
    name.setValue('');
  });
}

/** A valid SIRET fills in the VAT number, and a corrected one replaces the derived VAT number. A typed one stays. */
function deriveVat(siret: FormControl<string>, vat: FormControl<string>): void {
  let derived = '';
  siret.valueChanges.subscribe((text) => {
    const bare = digits(text);
    if (bare !== '' && !isSiret(bare)) return;
    const next = bare && vatOf(bare.slice(0, 9));
    if ([derived, ''].includes(digits(vat.value).toUpperCase())) vat.setValue(next);
    derived = next;
  });
}

export type EntrepriseValues = ReturnType<EntrepriseForm['getRawValue']>;

/** The form's values for a record. */
export function valuesOf(fb: Builder, record: Entreprise): EntrepriseValues {
  const form = entrepriseForm(fb);
  const { contacts, address, tags, headcount, ...texts } = record;
  form.patchValue({
    ...blanked(texts),
    headcount: headcount ?? null,
    tags: tags.join(', '),
    address: blanked(address),
  });
  for (const contact of contacts) form.controls.contacts.push(contactForm(fb, contact));
  return form.getRawValue();
}

export function fill(form: EntrepriseForm, fb: Builder, values: EntrepriseValues): void {
  form.controls.contacts.clear();
  for (const contact of values.contacts) form.controls.contacts.push(contactForm(fb, contact));
  form.setValue(values);
}

/** Controls hold texts, never `null`. */
function blanked<T extends object>(record: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(record).map(([key, value]: [string, unknown]) => [key, value ?? ''])) as {
    [K in keyof T]: NonNullable<T[K]>;
  };
}

/** The request. Empty texts become `null`, which clears. */
export function body(values: EntrepriseValues): EntrepriseCreate {
  const { name, siret, headcount, kind, address, tags, active, localisationId, contacts, ...texts } = values;
  return {
    ...nulled(texts),
    name: name.trim(),
    siret: digits(siret) || null,
    headcount,
    kind: kind || null,
    address: nulled(address),
    tags: [
      ...new Set(
        tags
          .split(',')
          .map((tag) => tag.trim())
          .filter(Boolean),
      ),
    ],
    active,
    ...(localisationId ? { localisationId } : {}),
    contacts: contacts.map(({ id, lastName, main, ...rest }): ContactInput => ({
      ...(id ? { id } : {}),
      ...nulled(rest),
      lastName: lastName.trim(),
      main,
    })),
  };
}

/** Only fields that differ from the record, so that two people who edit different fields do not overwrite each
 * other. */
export function changes(values: EntrepriseValues, before: EntrepriseValues): Partial<EntrepriseCreate> {
  const [after, old] = [body(values), body(before)];
  const keys = Object.keys(after) as (keyof EntrepriseCreate)[];
  return Object.fromEntries(
    keys.filter((key) => JSON.stringify(after[key]) !== JSON.stringify(old[key])).map((key) => [key, after[key]]),
  );
}

function nulled<T extends Record<string, string>>(texts: T): { [K in keyof T]: string | null } {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text.trim() || null])) as {
    [K in keyof T]: string | null;
  };
}

/** Exactly one contact is the main contact. */
export function chooseMain(contacts: FormArray<ContactForm>, index: number): void {
  contacts.controls.forEach((contact, at) => {
    contact.controls.main.setValue(at === index);
  });
  contacts.markAsDirty();
}
