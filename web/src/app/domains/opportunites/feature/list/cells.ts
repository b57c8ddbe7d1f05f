/** The fields of an opportunité that are edited in the list. Of a closed one the server lets only the owner change. */
import { Injector } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../../api/api';
import { listCommerciaux } from '../../../../api/fn/opportunites/list-commerciaux';
import { OpportuniteItem } from '../../../../api/models/opportunite-item';
import { OpportuniteKind } from '../../../../api/models/opportunite-kind';
import { CellFields } from '../../../../shared/lists/cell-field';
import { KINDS } from '../../data/filters';
import { OpportuniteClient } from '../../data/opportunite-client';

export function opportuniteCells(injector: Injector): CellFields<OpportuniteItem> {
  const [api, client, transloco] = [injector.get(Api), injector.get(OpportuniteClient), injector.get(TranslocoService)];
  const label = (field: string): string => transloco.translate(`opportunites.field.${field}`);
  return {
    title: {
      label: label('title'),
      kind: 'text',
      most: 200,
      required: true,
      value: ({ title }) => title,
      shown: (_, title) => ({ title: String(title) }),
      write: (row, title) => client.update(row, { title: String(title) }),
    },
    budget: {
      label: label('budget'),
      kind: 'money',
      required: true,
      value: ({ budget }) => budget,
      shown: (_, budget) => ({ budget: Number(budget) }),
      write: (row, budget) => client.update(row, { budget: Number(budget) }),
    },
    kind: {
      label: label('kind'),
      kind: 'choice',
      options: () =>
        Promise.resolve(KINDS.map((kind) => ({ value: kind, label: transloco.translate(`kind.${kind}`) }))),
      value: ({ kind }) => kind,
      shown: (_, kind) => ({ kind: kind as OpportuniteKind }),
      write: (row, kind) => client.update(row, { kind: kind as OpportuniteKind }),
    },
    commercialId: {
      label: label('commercial'),
      kind: 'choice',
      options: async ({ localisation, commercial }) => {
        const { data } = await api.invoke(listCommerciaux, { localisationId: localisation.id });
        // The present owner stays in the list, also when working at another site.
        const all = data.some(({ id }) => id === commercial.id) ? data : [commercial, ...data];
        return all.map(({ id, name }) => ({ value: id, label: name }));
      },
      value: ({ commercial }) => commercial.id,
      shown: ({ commercial }, id, name) => ({ commercial: { ...commercial, id: String(id), name } }),
      write: (row, id) => client.update(row, { commercialId: String(id) }),
    },
  };
}
