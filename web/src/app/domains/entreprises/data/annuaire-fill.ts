/** What a company of a directory fills in: fields that are empty or that nobody has typed into. */
import { AbstractControl } from '@angular/forms';
import { AnnuaireEntreprise } from '../../../api/models/annuaire-entreprise';
import { digits, formatSiret, isSiret } from '../../../shared/forms/siret';

/** Shorter names find too many. */
const NAME = 3;

/** What is searched: a whole SIRET, otherwise a name, at a postcode if there is one. */
export interface Searched {
  q: string;
  codePostal?: string;
  byName: boolean;
}

export function searchedIn(form: AbstractControl): Searched | null {
  const text = (path: string): string => ((form.get(path)?.value as string | null) ?? '').trim();
  const siret = digits(text('siret'));
  if (isSiret(siret)) return { q: siret, byName: false };
  const [name, codePostal] = [text('name'), text('address.postcode')];
  // A SIRET that is being typed is worth waiting for.
  if (siret !== '' || name.length < NAME) return null;
  return { q: name, ...(/^\d{5}$/.test(codePostal) ? { codePostal } : {}), byName: true };
}

/** Fills a group of controls. The number is the company's; the name that was searched for becomes its own. */
export function fill(form: AbstractControl, company: AnnuaireEntreprise, byName: boolean): void {
  const { address, idcc } = company;
  const set = (path: string, value: string | null, always = false): void => {
    const control = form.get(path);
    if (!control) return;
    const typed = control.dirty && control.value !== '';
    if (!typed || always) control.setValue(value ?? '');
  };
  set('siret', formatSiret(company.siret), true);
  set('name', company.name, byName);
  if (company.vatNumber) set('vatNumber', company.vatNumber);
  set('nafCode', company.nafCode ?? null);
  // Which of several applies, a person knows.
  set('idcc', idcc.length === 1 ? (idcc[0] ?? null) : null);
  set('address.line1', address.line1 ?? null);
  set('address.line2', address.line2 ?? null);
  set('address.postcode', address.postcode ?? null);
  set('address.city', address.city ?? null);
  if (address.country) set('address.country', address.country);
  form.markAsDirty({ onlySelf: true });
}
