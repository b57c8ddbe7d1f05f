/**
 * The workflow definition of a site: sections, statuses, transitions and their labels. This application knows none of
 * their names and shows what the plugin declares. Pure.
 */
import { Direction } from '../../../api/models/direction';
import { Text } from '../../../api/models/text';
import { Workflow } from '../../../api/models/workflow';
import { WorkflowSection } from '../../../api/models/workflow-section';
import { WorkflowStatus } from '../../../api/models/workflow-status';

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
  /** Is this status closed: won, lost, or without a move that leads on? */
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
  /** A status of another site's workflow may be unknown here: then its id is shown. */
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
  /** Two moves that are open in the same statuses only: two answers to one question, such as validate and reject. */
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
