/** The parts of the API that a key can be given. The compiler finds one that the server has and this list lacks. */
import { ApiKey } from '../../../api/models/api-key';
import { ApiKeyAccess } from '../../../api/models/api-key-access';
import { ApiKeyArea } from '../../../api/models/api-key-area';
import { ApiKeyScope } from '../../../api/models/api-key-scope';

const ALL: Record<ApiKeyArea, true> = {
  anomalies: true,
  attachments: true,
  bpf: true,
  compta: true,
  corbeille: true,
  courriels: true,
  dashboard: true,
  descriptions: true,
  documents: true,
  entites: true,
  entreprises: true,
  facturation: true,
  formateurs: true,
  imports: true,
  journal: true,
  localisations: true,
  notes: true,
  objectifs: true,
  opportunites: true,
  pieces: true,
  planning: true,
  preuves: true,
  produits: true,
  salles: true,
  search: true,
  sessions: true,
  stagiaires: true,
  suivi: true,
  taches: true,
};
export const AREAS = Object.keys(ALL) as readonly ApiKeyArea[];

/** What is chosen for each area; an area without an entry is closed. */
export type Chosen = Partial<Record<ApiKeyArea, ApiKeyAccess>>;

export function scopesOf(chosen: Chosen): ApiKeyScope[] {
  return AREAS.flatMap((area) => {
    const access = chosen[area];
    return access ? [{ area, access }] : [];
  });
}

/** The networks of a text: one per line, or with commas and spaces between. */
export function networksOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** Whether a key counts on a day, `YYYY-MM-DD`. */
export function stateOf(key: ApiKey, today: string): 'revoked' | 'expired' | 'active' {
  if (key.revokedAt) return 'revoked';
  return key.expiresOn && key.expiresOn < today ? 'expired' : 'active';
}
