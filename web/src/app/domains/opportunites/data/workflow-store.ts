/** Reads the workflow of a site and keeps it for a minute. */
import { Injectable, computed, inject, linkedSignal, resource } from '@angular/core';
import { Api } from '../../../api/api';
import { getWorkflow } from '../../../api/fn/opportunites/get-workflow';
import { Opportunite } from '../../../api/models/opportunite';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { WorkflowView } from '../util/workflow-view';

/** A plugin may be upgraded at any time: an older definition is read again. */
const FRESH_MS = 60_000;

interface Known {
  view: Promise<WorkflowView>;
  until: number;
}

@Injectable({ providedIn: 'root' })
export class WorkflowStore {
  readonly #api = inject(Api);
  readonly #site = inject(Site);
  readonly #session = inject(Session);
  readonly #user = computed(() => this.#session.me()?.id);
  /** Never shows data that was read for another person. */
  readonly #known = linkedSignal({ source: this.#user, computation: () => new Map<string, Known>() });

  readonly #current = resource({
    params: () => (this.#user() ? { user: this.#user(), site: this.#site.current() ?? null } : undefined),
    loader: ({ params }) => this.#read(params.site, ''),
  });
  /** The workflow of the chosen site, for lists and boards. `undefined` until loaded. */
  readonly current = computed(() => (this.#current.hasValue() ? this.#current.value() : undefined));
  readonly error = this.#current.error;

  reload(): void {
    this.#current.reload();
  }

  /** The workflow of the record's site. Read again when another version has decided on a record. */
  of({ localisation, workflow }: Pick<Opportunite, 'localisation' | 'workflow'>): Promise<WorkflowView> {
    return this.#read(localisation.id, `${workflow.pluginId} ${workflow.version}`);
  }

  /** The workflow for a new record of this site. `null`: of any site. */
  at(localisationId: string | null): Promise<WorkflowView> {
    return this.#read(localisationId, '');
  }

  #read(localisationId: string | null, version: string): Promise<WorkflowView> {
    const known = this.#known();
    const key = `${localisationId ?? ''} ${version}`;
    const before = known.get(key);
    if (before && before.until > Date.now()) return before.view;
    const view = this.#api
      .invoke(getWorkflow, localisationId ? { localisationId } : {})
      .then((definition) => new WorkflowView(definition));
    view.catch(() => known.delete(key));
    known.set(key, { view, until: Date.now() + FRESH_MS });
    return view;
  }
}
