/** The filters that the list and the board share. They are in the address. */
import { Outcome } from '../../../api/models/outcome';
import { OpportuniteKind } from '../../../api/models/opportunite-kind';
import { QueryState, queryState } from '../../../shared/ui/query-state';

export type FilterName =
  'q' | 'etape' | 'statut' | 'issue' | 'type' | 'commercial' | 'retard' | 'attente' | 'tri' | 'groupe';

export interface OpportuniteQuery {
  q?: string;
  section?: string;
  status?: string;
  outcome?: Outcome;
  kind?: OpportuniteKind;
  commercialId?: string;
  localisationId?: string;
  late?: boolean;
  waiting?: 'me';
}

export const KINDS: readonly OpportuniteKind[] = ['inter-entreprise', 'intra-entreprise', 'individuelle', 'alternance'];
export const OUTCOMES: readonly Outcome[] = ['open', 'suspended', 'won', 'done', 'lost'];

export function opportuniteFilters(): QueryState<FilterName> {
  return queryState<FilterName>({
    q: '',
    etape: '',
    statut: '',
    issue: '',
    type: '',
    commercial: '',
    retard: '',
    attente: '',
    tri: '-updatedAt',
    groupe: '',
  });
}

/** The API's parameters for these filters. Empty ones are left out. */
export function toQuery(values: Record<FilterName, string>, site: { localisationId?: string }): OpportuniteQuery {
  const query: OpportuniteQuery = { ...site };
  if (values.q) query.q = values.q;
  if (values.etape) query.section = values.etape;
  if (values.statut) query.status = values.statut;
  if (values.issue) query.outcome = values.issue as Outcome;
  if (values.type) query.kind = values.type as OpportuniteKind;
  if (values.commercial) query.commercialId = values.commercial;
  if (values.retard) query.late = true;
  if (values.attente) query.waiting = 'me';
  return query;
}
