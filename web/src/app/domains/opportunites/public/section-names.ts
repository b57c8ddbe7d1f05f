/** What the sections of the chosen site's workflow are called and where they stand, for figures that count by them. */
import { Injectable, inject } from '@angular/core';
import { Text } from '../../../api/models/text';
import { WorkflowStore } from '../data/workflow-store';

@Injectable({ providedIn: 'root' })
export class SectionNames {
  readonly #store = inject(WorkflowStore);

  /** The id itself while the workflow is not there, or does not know it. */
  label(section: string): Text {
    return this.#store.current()?.sectionLabel(section) ?? { fr: section, en: section };
  }
  /** Place in the relay, -1 outside of it; 0 while the workflow is not there. */
  rank(section: string): number {
    return this.#store.current()?.rank(section) ?? 0;
  }
}
