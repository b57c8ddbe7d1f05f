/** The filters that the list and the board share. They are in the address. */
import { Outcome } from '../../../api/models/outcome';
import { OpportuniteKind } from '../../../api/models/opportunite-kind';
import { QueryState, queryState } from '../../../shared/ui/query-state';

export type FilterName =
  | 'q'
  | 'etape'
  | 'statut'
  | 'issue'
  | 'type'
  | 'commercial'
  | 'retard'
  | 'attente'
  | 'source'
  | 'perte'
  | 'creeDu'
  | 'creeAu'
  | 'perduDu'
  | 'perduAu'
  | 'tri'
  | 'groupe';

/** The value of a filter for what nobody has said. */
export const UNSAID = 'none';

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
  origine?: string;
  lostReason?: string;
  createdFrom?: string;
  createdTo?: string;
  lostFrom?: string;
  lostTo?: string;
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
    source: '',
    perte: '',
    creeDu: '',
    creeAu: '',
    perduDu: '',
    perduAu: '',
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
  if (values.source) query.origine = values.source;
  if (values.perte) query.lostReason = values.perte;
  if (values.creeDu) query.createdFrom = values.creeDu;
  if (values.creeAu) query.createdTo = values.creeAu;
  if (values.perduDu) query.lostFrom = values.perduDu;
  if (values.perduAu) query.lostTo = values.perduAu;
  return query;
}
