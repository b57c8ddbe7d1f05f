import { Plugin } from '../../../api/models/plugin';
import { QueueCounts } from '../../../api/models/queue-counts';
import { Run } from '../../../api/models/run';
import { User } from '../../../api/models/user';
import { ofJobs, ofPeople, ofPlugins, ofRefusals, ofRun } from './watch';

const name = { fr: 'Ypareo', en: 'Ypareo' };
const plugin = (changes: object): Plugin =>
  ({ id: 'p', name, sites: [{ state: 'active' }], staged: [], ...changes }) as unknown as Plugin;

describe('what needs an administrator', () => {
  it('is a plugin in quarantine, one that does not run, and a version that waits; not one that works', () => {
    expect(ofPlugins([plugin({})])).toEqual([]);
    const found = ofPlugins([
      plugin({ sites: [{ state: 'quarantined' }, { state: 'active' }, { state: 'quarantined' }] }),
      plugin({ trouble: name, staged: ['2.0.0'] }),
    ]);
    expect(found.map(({ kind, n, bad }) => [kind, n, bad])).toEqual([
      ['quarantined', 2, true],
      ['trouble', undefined, true],
      ['staged', undefined, false],
    ]);
  });

  it('is dead jobs of all queues together', () => {
    const queue = (dead: number): QueueCounts => ({ dead }) as QueueCounts;
    expect(ofJobs([queue(0), queue(0)])).toEqual([]);
    expect(ofJobs([queue(2), queue(1)])[0]?.n).toBe(3);
  });

  it('is a last run that failed or waits, and leads to it', () => {
    const run = (state: string): Run => ({ id: 'r', state }) as Run;
    expect(ofRun('ypareo', name, run('done'))).toEqual([]);
    expect(ofRun('ypareo', name, undefined)).toEqual([]);
    expect(ofRun('ypareo', name, run('held'))[0]).toMatchObject({ kind: 'runHeld', bad: false });
    expect(ofRun('ypareo', name, run('failed'))[0]?.path).toBe('/connecteurs/ypareo/executions/r');
  });

  it('is administrators without a second factor who have accepted their invitation, and many refused sign-ins', () => {
    const user = (hasSecondFactor: boolean, invited: boolean): User => ({ hasSecondFactor, invited }) as User;
    expect(ofPeople([user(true, false), user(false, true)])).toEqual([]);
    expect(ofPeople([user(false, false), user(true, false)])[0]?.n).toBe(1);
    expect([ofRefusals(9, '2026-11-29'), ofRefusals(10, '2026-11-29')[0]?.query?.['du']]).toEqual([[], '2026-11-29']);
  });
});
