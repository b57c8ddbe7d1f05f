/** What a role does next with a record, in the words of the chosen site's workflow. */
import { Injectable, inject } from '@angular/core';
import { Role } from '../../../api/models/role';
import { Text } from '../../../api/models/text';
import { WorkflowStore } from '../data/workflow-store';

@Injectable({ providedIn: 'root' })
export class NextSteps {
  readonly #store = inject(WorkflowStore);

  /** The moves that lead on from a status, for this role. Empty while the workflow is not loaded. */
  onwards(status: string, role: Role): Text[] {
    const transitions = this.#store.current()?.definition.transitions ?? [];
    return transitions
      .filter(
        ({ direction, sources, roles }) => direction === 'forward' && sources.includes(status) && roles.includes(role),
      )
      .map(({ label }) => label);
  }
  /** Working hours until a record of this section is overdue. */
  limitHours(section: string): number | null {
    return this.#store.current()?.section(section)?.limitHours ?? null;
  }
}
