//! An audit from TypeScript, in the real runtime.

import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { entry, Plugin } from '../src/testing/index.js';
import { build } from '../src/testing/process.js';

let file: string;

beforeAll(async () => {
  file = await build(fileURLToPath(new URL('auditing', import.meta.url)));
}, 120_000);

test('a site is audited in batches', async () => {
  await using plugin = await Plugin.load(file);
  expect(await plugin.call('rules')).toMatchObject([{ id: 'places', severity: 'warning' }]);
  const session = (stagiaires: number[]) => entry('session', { capacityMax: 1, stagiaires });
  const [full, crowded] = [session([1]), session([1, 2])];
  const findings = await plugin.call('audit', '2026-11-30', [[full], [crowded, entry('formateur', {})]]);
  expect(findings).toEqual([
    expect.objectContaining({ rule: 'places', subjects: [{ kind: 'session', id: crowded.id }], key: crowded.id }),
  ]);
  expect(await plugin.call('audit', '2026-11-30', [])).toEqual([]);
});
