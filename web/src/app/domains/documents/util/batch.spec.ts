import { DocumentBatchItem } from '../../../api/models/document-batch-item';
import { DocumentBatchPlanItem } from '../../../api/models/document-batch-plan-item';
import { atFirst, progress } from './batch';

describe('a batch', () => {
  it('begins with what can be made and was not sent yet', () => {
    const item = (subjectId: string, rest: object): DocumentBatchPlanItem =>
      ({ subjectId, missing: [], lastSentAt: null, ...rest }) as unknown as DocumentBatchPlanItem;
    const items = [item('a', {}), item('b', { missing: [{}] }), item('c', { lastSentAt: '2026-11-02T08:00:00Z' })];
    expect(atFirst(items)).toEqual(['a']);
  });

  it('is summed up by what became of each document', () => {
    const states = ['waiting', 'making', 'made', 'sending', 'retrying', 'sent', 'filed', 'failed', 'refused'] as const;
    const items = states.map((state) => ({ state }) as unknown as DocumentBatchItem);
    expect(progress(items)).toEqual({ total: 9, ended: 6, made: 6, sent: 1, filed: 1, retrying: 1, refused: 2 });
  });
});
