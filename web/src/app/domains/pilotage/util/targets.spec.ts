import { Objectif } from '../../../api/models/objectif';
import { targetGroups } from './targets';

function target(holder: string, value: number, of: number, level: string, kind = 'money', metric = 'ca'): Objectif {
  return {
    id: holder + metric,
    metric,
    period: { kind: 'quarter', first: '2026-10-01', last: '2026-12-31' },
    target: of,
    user: holder.startsWith('p') ? { id: holder, name: holder } : null,
    localisation: holder.startsWith('s') ? { id: holder, name: holder } : null,
    actual: { kind, value },
    attainment: { level, percent: 0, runRate: value * 2, label: { fr: level, en: level } },
  } as unknown as Objectif;
}

describe('targets of many', () => {
  it('add up by metric and kind of holder, sites first, and count their levels from the best on', () => {
    const groups = targetGroups(
      [target('p1', 5, 10, 'good'), target('s1', 10, 100, 'slow'), target('s2', 90, 80, 'reached')],
      'me',
    );
    expect(groups.map(({ holders, all }) => [holders, all.length])).toEqual([
      ['sites', 2],
      ['people', 1],
    ]);
    expect(groups[0]?.sum).toEqual({ actual: { kind: 'money', value: 100 }, target: 180, pace: 200 });
    expect(groups[0]?.levels.map(({ level, n }) => [level, n])).toEqual([
      ['reached', 1],
      ['slow', 1],
    ]);
  });

  it('are one’s own alone, and rates do not add up', () => {
    const all = [target('p1', 1, 2, 'good', 'ratio', 'taux'), target('p1', 5, 10, 'good'), target('s1', 1, 2, 'good')];
    const groups = targetGroups(all, 'p1');
    expect(groups.map(({ metric, sum }) => [metric, sum === null])).toEqual([
      ['taux', true],
      ['ca', false],
    ]);
  });

  it('have no pace when one of them has none', () => {
    const without = { ...target('s2', 1, 2, 'good'), attainment: null } as Objectif;
    expect(targetGroups([target('s1', 1, 2, 'good'), without], 'me')[0]?.sum?.pace).toBeNull();
  });
});
