/**
 * The definition of the workflow that runs on a site: sections, statuses, transitions and their labels. This
 * application knows none of their names; it draws what the plugin declares.
 */
import { Injectable, computed, inject, linkedSignal, resource } from '@angular/core';
import { Api } from '../../../api/api';
import { getWorkflow } from '../../../api/fn/opportunites/get-workflow';
import { Direction } from '../../../api/models/direction';
import { Opportunite } from '../../../api/models/opportunite';
import { Text } from '../../../api/models/text';
import { Workflow } from '../../../api/models/workflow';
import { WorkflowSection } from '../../../api/models/workflow-section';
import { WorkflowStatus } from '../../../api/models/workflow-status';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';

export class WorkflowView {
  readonly #sections: Map<string, WorkflowSection>;
  readonly #statuses: Map<string, WorkflowStatus>;

  constructor(readonly definition: Workflow) {
    this.#sections = new Map(definition.sections.map((section) => [section.id, section]));
    this.#statuses = new Map(definition.statuses.map((status) => [status.id, status]));
  }

  section(id: string): WorkflowSection | undefined {
    return this.#sections.get(id);
  }
  status(id: string): WorkflowStatus | undefined {
    return this.#statuses.get(id);
  }
  /** Is what stands in this status closed: done or lost, or without a move that leads on? */
  ends(status: string): boolean {
    const outcome = this.#statuses.get(status)?.outcome;
    return (
      outcome === 'done' ||
      outcome === 'lost' ||
      (outcome !== undefined && !this.definition.transitions.some(({ sources }) => sources.includes(status)))
    );
  }
  /** Position of the section in the relay, -1 outside of it. */
  rank(section: string): number {
    return this.definition.sections.findIndex(({ id }) => id === section);
  }
  /** A status of another site's workflow may be unknown here; its id is then better than nothing. */
  statusLabel(id: string): Text {
    return this.#statuses.get(id)?.label ?? { fr: id, en: id };
  }
  sectionLabel(id: string): Text {
    return this.#sections.get(id)?.label ?? { fr: id, en: id };
  }
  direction(transition: string): Direction | undefined {
    return this.definition.transitions.find(({ id }) => id === transition)?.direction;
  }
  /** Can the move start from this status? */
  startsFrom(transition: string, status: string): boolean {
    return this.definition.transitions.some(({ id, sources }) => id === transition && sources.includes(status));
  }
  /** Two moves that stand open in the same statuses only: two answers to one question, as to validate and to reject. */
  answersTo(transition: string, other: string): boolean {
    const [one, two] = [transition, other].map((name) =>
      [...(this.definition.transitions.find(({ id }) => id === name)?.sources ?? [])].sort().join(' '),
    );
    return one !== '' && one === two;
  }
  transitionLabel(id: string): Text {
    return this.definition.transitions.find((transition) => transition.id === id)?.label ?? { fr: id, en: id };
  }
}

/** A plugin may be upgraded at any time: a definition read longer ago is read again. */
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
  /** Nobody is shown what was read for somebody else. */
  readonly #known = linkedSignal({ source: this.#user, computation: () => new Map<string, Known>() });

  readonly #current = resource({
    params: () => (this.#user() ? { user: this.#user(), site: this.#site.current() ?? null } : undefined),
    loader: ({ params }) => this.#read(params.site, ''),
  });
  /** The workflow of the chosen site, for lists and boards; `undefined` until it is there. */
  readonly current = computed(() => (this.#current.hasValue() ? this.#current.value() : undefined));
  readonly error = this.#current.error;

  reload(): void {
    this.#current.reload();
  }

  /** The workflow of the record's site: read anew as soon as a record was decided on by another version. */
  of({ localisation, workflow }: Pick<Opportunite, 'localisation' | 'workflow'>): Promise<WorkflowView> {
    return this.#read(localisation.id, `${workflow.pluginId} ${workflow.version}`);
  }

  /** The workflow that a new record of this site begins with; `null`: wherever it will be. */
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
