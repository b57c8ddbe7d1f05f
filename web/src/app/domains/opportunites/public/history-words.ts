/** Words for what happened to an opportunité, from the forms of its workflow. */
import { Format } from '../../../shared/i18n/pipes';
import { describePath, describeValue, isShown } from '../util/describe';
import { WorkflowView } from '../util/workflow-view';

export interface HistoryWords {
  /** Does a form show this field? */
  shown: (pointer: string) => boolean;
  field: (pointer: string) => string;
  value: (value: unknown, pointer: string) => string;
  /** What people call a move. */
  move: (transition: string) => string;
}

export function historyWords(workflow: WorkflowView, format: Format): HistoryWords {
  return {
    shown: (pointer) => isShown(pointer, workflow),
    field: (pointer) => describePath(pointer, workflow, format),
    value: (value, pointer) => describeValue(value, pointer, workflow, format),
    move: (transition) => format.text(workflow.transitionLabel(transition)),
  };
}
