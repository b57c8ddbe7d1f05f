// Made from wit/ by `afpi plugin types`; do not edit.
import type { Id } from './types.js';

export interface CallContext {
  /** Localisation for which the plugin runs; empty for a call on behalf of the whole network. */
  site: Id;
  /** Its code, e.g. `AFPI-02`. */
  siteCode: string;
  /** `fr` or `en`: the language of the person who caused the call. */
  locale: string;
  /** Correlation id, the same as in the host's logs and answers. */
  callId: string;
  /** Milliseconds the call may still take when it starts. */
  deadlineMs: number;
}

/** Who is calling and for how long: read-only facts about the running call. */
export interface ContextImports {
  current(): CallContext;
}
