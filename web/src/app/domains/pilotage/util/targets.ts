/** Targets of many holders as one figure, so that a network reads them at a glance. Pure. */
import { Figure } from '../../../api/models/figure';
import { Objectif } from '../../../api/models/objectif';
import { Text } from '../../../api/models/text';

/** The targets of one metric, one period and one kind of holder. */
export interface TargetGroup {
  key: string;
  metric: string;
  holders: 'sites' | 'people';
  /** Of these targets; one that stands alone is shown as itself. */
  all: Objectif[];
  /** The sum; `null` where figures do not add up. */
  sum: { actual: Figure; target: number; pace: number | null } | null;
  /** How many holders stand at each level, the best level first. */
  levels: { level: string; label: Text; n: number }[];
}

const LEVELS = ['reached', 'good', 'under-way', 'slow', 'attention'];

/** One's own targets come alone, when there are any. */
export function targetGroups(objectifs: readonly Objectif[], me: string): TargetGroup[] {
  const own = objectifs.filter(({ user }) => user?.id === me);
  const groups = new Map<string, Objectif[]>();
  for (const one of own.length ? own : objectifs) {
    const key = [one.user ? 'people' : 'sites', one.metric, one.period.first, one.period.last].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const made = [...groups].map(([key, all]): TargetGroup => {
    const holders = key.startsWith('people') ? 'people' : 'sites';
    return { key, metric: all[0]?.metric ?? '', holders, all, sum: summed(all), levels: levels(all) };
  });
  return made.sort((a, b) => Number(a.holders === 'people') - Number(b.holders === 'people'));
}

function summed(all: readonly Objectif[]): TargetGroup['sum'] {
  const kind = all[0]?.actual?.kind;
  if (!(kind === 'money' || kind === 'count') || all.some(({ actual }) => actual?.kind !== kind)) return null;
  const sum = (of: (one: Objectif) => number): number => all.reduce((total, one) => total + of(one), 0);
  const paced = all.every(({ attainment }) => typeof attainment?.runRate === 'number');
  return {
    actual: { kind, value: sum(({ actual }) => actual?.value ?? 0) },
    target: sum(({ target }) => target),
    pace: paced ? sum(({ attainment }) => attainment?.runRate ?? 0) : null,
  };
}

function levels(all: readonly Objectif[]): TargetGroup['levels'] {
  return LEVELS.flatMap((level) => {
    const some = all.filter(({ attainment }) => attainment?.level === level);
    const label = some[0]?.attainment?.label;
    return label ? [{ level, label, n: some.length }] : [];
  });
}
