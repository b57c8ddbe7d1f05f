/** The fields of a company that are edited in the list. */
import { Injector } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { updateEntreprise } from '../../../api/fn/entreprises/update-entreprise';
import { Entreprise } from '../../../api/models/entreprise';
import { EntrepriseItem } from '../../../api/models/entreprise-item';
import { EntrepriseKind } from '../../../api/models/entreprise-kind';
import { EntrepriseUpdate } from '../../../api/models/entreprise-update';
import { Site } from '../../../shared/auth/site';
import { CellField, CellFields } from '../../../shared/lists/cell-field';
import { KINDS } from '../util/kinds';

type Text = 'name' | 'phone' | 'email' | 'website' | 'opco' | 'siret' | 'vatNumber' | 'nafCode' | 'idcc';
type AddressPart = 'line1' | 'postcode' | 'city';

export function entrepriseCells(injector: Injector): CellFields<EntrepriseItem> {
  const [api, site, transloco] = [injector.get(Api), injector.get(Site), injector.get(TranslocoService)];
  const update = ({ id, version }: EntrepriseItem, body: EntrepriseUpdate): Promise<Entreprise> =>
    api.invoke(updateEntreprise, { id, 'If-Match': `"${version}"`, body });
  const label = (field: string): string => transloco.translate(`entreprises.field.${field}`);
  const text = (name: Text, most: number): CellField<EntrepriseItem> => ({
    label: label(name),
    kind: 'text',
    most,
    required: name === 'name',
    value: (row) => row[name] ?? null,
    shown: (_, value) => ({ [name]: value }),
    write: (row, value) => update(row, { [name]: name === 'siret' ? digits(value) : value }),
  });
  const address = (part: AddressPart, most: number): CellField<EntrepriseItem> => ({
    label: label(part),
    kind: 'text',
    most,
    value: (row) => row.address[part] ?? null,
    shown: (row, value) => ({ address: { ...row.address, [part]: value } }),
    write: (row, value) => update(row, { address: { ...row.address, [part]: value } }),
  });
  return {
    name: text('name', 200),
    siret: text('siret', 20),
    phone: text('phone', 40),
    email: text('email', 190),
    website: text('website', 250),
    opco: text('opco', 60),
    vatNumber: text('vatNumber', 20),
    nafCode: text('nafCode', 10),
    idcc: text('idcc', 10),
    'address.line1': address('line1', 200),
    'address.postcode': address('postcode', 12),
    'address.city': address('city', 100),
    headcount: {
      label: label('headcount'),
      kind: 'count',
      value: (row) => row.headcount ?? null,
      shown: (_, value) => ({ headcount: value as number | null }),
      write: (row, value) => update(row, { headcount: value as number | null }),
    },
    kind: {
      label: label('kind'),
      kind: 'choice',
      options: () =>
        Promise.resolve([
          { value: '', label: '—' },
          ...KINDS.map((kind) => ({ value: kind, label: transloco.translate(`entrepriseKind.${kind}`) })),
        ]),
      value: (row) => row.kind ?? null,
      shown: (_, kind) => ({ kind: kind as EntrepriseKind | null }),
      write: (row, kind) => update(row, { kind: kind as EntrepriseKind | null }),
    },
    localisationId: {
      label: label('localisation'),
      kind: 'choice',
      required: true,
      options: () => Promise.resolve(site.mine().map(({ id, name }) => ({ value: id, label: name }))),
      value: ({ localisation }) => localisation.id,
      shown: ({ localisation }, id, name) => ({ localisation: { ...localisation, id: String(id), name } }),
      write: (row, id) => update(row, { localisationId: String(id) }),
    },
  };
}

function digits(value: string | number | null): string | null {
  return typeof value === 'string' ? value.replace(/\s/g, '') : null;
}
