//! The eleven OPCOs (opérateurs de compétences) approved since 2019; Code du travail, art. L6332-1-1.

const OPCOS = [
  'AFDAS', 'AKTO', 'ATLAS', 'Constructys', 'L’Opcommerce', 'OCAPIAT', 'OPCO 2i', 'OPCO EP', 'OPCO Mobilités', 'OPCO Santé', 'Uniformation',
];

const known = new Map(OPCOS.map((name) => [letters(name), name]));

/** The OPCO of a typed name in any spelling (`opco2i`, `L'OPCOMMERCE`), or `null`. */
export function opcoOf(written: string): string | null {
  const plain = letters(written);
  return known.get(plain) ?? known.get(`opco${plain}`) ?? known.get(`l${plain}`) ?? null;
}

/** Only letters and digits, without case and accents. */
function letters(text: string): string {
  return text.normalize('NFD').toLowerCase().replace(/[^a-z0-9]/g, '');
}
