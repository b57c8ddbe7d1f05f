import { document, list, object, type Opportunite, required, string } from 'afpi-plugin';

const devis = object({ lignes: list({ fr: 'Lignes', en: 'Lines' }, string({ fr: 'Libellé', en: 'Label' })) });

export function linesOfTheQuote(subject: Opportunite): number {
  const { lignes } = document(subject, 'devis', devis);
  if (lignes.length === 0) throw required('/devis/lignes');
  return lignes.length;
}
