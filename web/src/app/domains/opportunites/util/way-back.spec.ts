import { Offer } from '../../../api/models/offer';
import { Opportunite } from '../../../api/models/opportunite';
import { Workflow } from '../../../api/models/workflow';
import { wayBack } from './way-back';
import { WorkflowView } from './workflow-view';

const offer = (transition: string, direction: Offer['direction'], more: Partial<Offer> = {}): Offer => ({
  transition,
  label: { fr: transition, en: transition },
  direction,
  allowed: true,
  blockers: [],
  ...more,
});
const at = (status: string, offers: Offer[] = []): Opportunite => ({ status, offers }) as unknown as Opportunite;
const workflow = new WorkflowView({
  sections: [],
  statuses: [],
  transitions: [
    { id: 'recall', sources: ['submitted'] },
    { id: 'rework', sources: ['sent', 'refused'] },
    { id: 'resume', sources: ['halted'] },
  ],
} as unknown as Workflow);
const form = { type: 'object', properties: { motif: { type: 'string' } } };

describe('the way back', () => {
  it('is the move that was not open before and asks nothing', () => {
    const offers = [
      offer('cancel', 'stop'),
      offer('submit', 'forward'),
      offer('recall', 'other'),
      offer('return', 'back', { form }),
    ];
    expect(wayBack(at('draft'), offer('go', 'forward'), at('submitted', offers), workflow)?.transition).toBe('recall');
  });

  it('is none where nobody may take it, where several fit, and where it was open before', () => {
    const taken = offer('go', 'forward');
    expect(
      wayBack(at('draft'), taken, at('submitted', [offer('recall', 'other', { allowed: false })]), workflow),
    ).toBeNull();
    expect(
      wayBack(at('draft'), taken, at('submitted', [offer('recall', 'other'), offer('undo', 'back')]), workflow),
    ).toBeNull();
    expect(wayBack(at('sent'), taken, at('refused', [offer('rework', 'other')]), workflow)).toBeNull();
  });

  it('of what was set aside is to go on, and moves back and out have none', () => {
    expect(
      wayBack(
        at('draft'),
        offer('halt', 'pause'),
        at('halted', [offer('resume', 'forward'), offer('cancel', 'stop')]),
        workflow,
      )?.transition,
    ).toBe('resume');
    expect(
      wayBack(at('submitted'), offer('recall', 'other'), at('draft', [offer('submit', 'forward')]), workflow),
    ).toBeNull();
    expect(wayBack(at('draft'), offer('cancel', 'stop'), at('lost', [offer('reopen', 'back')]), workflow)).toBeNull();
  });
});
