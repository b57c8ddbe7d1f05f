/**
 * The definition of the workflow that runs on a site: sections, statuses, transitions and their labels. This
 * application knows none of their names; it draws what the plugin declares.
 */
import { Injectable, computed, inject, resource } from '@angular/core';
import { Api } from '../../../api/api';
import { getWorkflow } from '../../../api/fn/opportunites/get-workflow';
import { Text } from '../../../api/models/text';
import { Workflow } from '../../../api/models/workflow';
import { WorkflowSection } from '../../../api/models/workflow-section';
import { WorkflowStatus } from '../../../api/models/workflow-status';
import { Site } from '../../../shared/auth/site';

export class WorkflowView {
  readonly #sections: Map<string, WorkflowSection>;
  readonly #statuses: Map<string, WorkflowStatus>;

  constructor(readonly definition: Workflow) {
    this.#sections = new Map(definition.sections.map((section) => [section.id, section]));
    this.#statuses = new Map(definition.statuses.map((status) => [status.id, status]));
  }

  section(id: string): WorkflowSection | undefined { return this.#sections.get(id); }
  status(id: string): WorkflowStatus | undefined { return this.#statuses.get(id); }
  /** Position of the section in the relay, -1 outside of it. */
  rank(section: string): number { return this.definition.sections.findIndex(({ id }) => id === section); }
  /** A status of another site's workflow may be unknown here; its id is then better than nothing. */
  statusLabel(id: string): Text { return this.#statuses.get(id)?.label ?? { fr: id, en: id }; }
  sectionLabel(id: string): Text { return this.#sections.get(id)?.label ?? { fr: id, en: id }; }
  transitionLabel(id: string): Text {
    return this.definition.transitions.find((transition) => transition.id === id)?.label ?? { fr: id, en: id };
  }
}

@Injectable({ providedIn: 'root' })
export class WorkflowStore {
  readonly #api = inject(Api);
  readonly #site = inject(Site);
  readonly #known = new Map<string, Promise<WorkflowView>>();

  readonly #current = resource({ params: () => ({ site: this.#site.current() ?? null }), loader: ({ params }) => this.of(params.site) });
  /** The workflow of the chosen site, for lists and boards; `undefined` until it is there. */
  readonly current = computed(() => (this.#current.hasValue() ? this.#current.value() : undefined));
  readonly error = this.#current.error;

  reload(): void { this.#current.reload(); }

  of(localisationId: string | null): Promise<WorkflowView> {
    const key = localisationId ?? '';
    let view = this.#known.get(key);
    if (!view) {
      view = this.#api.invoke(getWorkflow, localisationId ? { localisationId } : {}).then((definition) => new WorkflowView(definition));
      view.catch(() => this.#known.delete(key));
      this.#known.set(key, view);
    }
    return view;
  }
}
