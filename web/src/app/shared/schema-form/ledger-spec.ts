/** The table of issued rows, as a schema declares it (`x-ledger`). */
import type { JsonObject } from './schema';

export interface LedgerSpec {
  /** The fields of a row that the table shows. */
  columns: string[];
  /** The field that numbers an issued row; its document is found by it. */
  number: string;
  actions: LedgerAction[];
}

/** A move that is offered at the rows that fit `where`. */
export interface LedgerAction {
  transition: string;
  /** The field of the move's form that begins with a value of the row. */
  field: string;
  /** The row's field with that value; without it the row's place, from 1. */
  value: string | null;
  where: JsonObject;
}

/** Parses the keyword; `null` for an invalid one. */
export function ledgerSpecOf(raw: unknown): LedgerSpec | null {
  if (!raw || typeof raw !== 'object') return null;
  const { columns, number, actions } = raw as Record<string, unknown>;
  if (!Array.isArray(columns) || typeof number !== 'string') return null;
  return {
    columns: columns.filter((key): key is string => typeof key === 'string'),
    number,
    actions: (Array.isArray(actions) ? actions : []).flatMap(actionOf),
  };
}

function actionOf(raw: unknown): LedgerAction[] {
  const { transition, field, value, where } = (raw ?? {}) as Record<string, unknown>;
  if (typeof transition !== 'string' || typeof field !== 'string') return [];
  return [{ transition, field, value: typeof value === 'string' ? value : null, where: (where ?? {}) as JsonObject }];
}
