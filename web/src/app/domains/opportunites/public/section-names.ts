/** Names and positions of the sections in the chosen site's workflow, for figures by section. */
import { Injectable, inject } from '@angular/core';
import { Text } from '../../../api/models/text';
import { WorkflowStore } from '../data/workflow-store';

@Injectable({ providedIn: 'root' })
export class SectionNames {
  readonly #store = inject(WorkflowStore);

  /** The id itself while the workflow is not loaded, or does not know it. */
  label(section: string): Text {
    return this.#store.current()?.sectionLabel(section) ?? { fr: section, en: section };
  }
  /** Position in the relay, -1 outside of it; 0 while the workflow is not loaded. */
  rank(section: string): number {
    return this.#store.current()?.rank(section) ?? 0;
  }
}
