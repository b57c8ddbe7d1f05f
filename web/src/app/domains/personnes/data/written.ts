/** Records of a person in the address of a request. */
import { Personne } from '../../../api/models/personne';

/** `kind:id`, with commas between them. */
export function written(records: readonly Pick<Personne, 'kind' | 'id'>[]): string {
  return records.map(({ kind, id }) => `${kind}:${id}`).join(',');
}
