//! Uses every capability from TypeScript, in the real runtime.

import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { Event } from '../src/contract/notifier.js';
import { build } from '../src/testing/process.js';
import { entreprise, entry, opportunite, Plugin } from '../src/testing/index.js';

let file: string;

beforeAll(async () => {
  file = await build(fileURLToPath(new URL('everything', import.meta.url)));
}, 120_000);

function order(name: string): Event {
  return { name, at: 1_767_600_000_000, site: 's', actor: null, subject: null, data: '{}' };
}

/** Sends an order to the plugin. Returns the result that it logs. */
async function result(plugin: Plugin, name: string): Promise<unknown> {
  expect(await plugin.call('notify', order(name))).toEqual([]);
  const { lines } = await plugin.seen();
  expect(lines.at(-2)).toEqual({ level: 'info', message: `asked for ${name}` });
  return JSON.parse(lines.at(-1)!.message);
}

test('what is only read', async () => {
  await using plugin = await Plugin.load(file);
  plugin.now(1_800_000_000_000).seed(7).locale('en').secret('token', 's3cret');
  expect(await result(plugin, 'clock')).toBe(1_800_000_000_000);
  expect(await result(plugin, 'random')).toHaveLength(4);
  expect(await result(plugin, 'context')).toMatchObject({ siteCode: 'AFPI-TEST', locale: 'en' });
  expect(await result(plugin, 'secrets')).toEqual([true, false]);
});

test('notes keep texts and bytes', async () => {
  await using plugin = await Plugin.load(file);
  expect(await result(plugin, 'kv')).toEqual([{ deep: ['œuvre', '🦀'] }, [0, 255], null, ['é']]);
  expect((await plugin.seen()).notes).toEqual({ é: '{"deep":["œuvre","🦀"]}' });
});

test('records come by page and by id', async () => {
  await using plugin = await Plugin.load(file);
  plugin
    .opportunites([
      opportunite(),
      opportunite({ id: '0195a000-0000-7000-8000-000000000011', createdAt: 1_767_600_000_001 }),
    ])
    .entreprises([entreprise()]);
  expect(await result(plugin, 'records')).toEqual([['OPP-2026-00001'], true, 'Amiens', []]);
  await expect(plugin.call('notify', order('missing'))).rejects.toMatchObject({ error: { tag: 'not-found' } });
});

test('records of any kind are asked for by their fields', async () => {
  await using plugin = await Plugin.load(file);
  plugin.entries([
    entry('contact', { lastName: 'Leroy', rank: 1 }),
    entry('contact', { lastName: 'Petit', rank: 2, email: 'p@example.fr' }),
    entry('contact', { lastName: 'Roux', rank: 3 }),
  ]);
  expect(await result(plugin, 'query')).toEqual([
    ['Roux', 'Petit'],
    [2, true, 1],
    [['{"rank":3}', 1]],
    [
      ['email', true],
      ['lastName', true],
      ['rank', true],
    ],
  ]);
  await expect(plugin.call('notify', order('query outside'))).rejects.toMatchObject({ error: { tag: 'denied' } });
  await expect(plugin.call('notify', order('query wrongly'))).rejects.toMatchObject({ error: { tag: 'invalid' } });
  expect((await plugin.seen()).denied).toEqual(['records-query']);
});

test('jobs, events and figures', async () => {
  await using plugin = await Plugin.load(file);
  expect(await result(plugin, 'jobs')).toEqual([true, false]);
  await result(plugin, 'events');
  await result(plugin, 'metrics');
  expect(await plugin.seen()).toMatchObject({
    jobs: [{ kind: 'remind', payload: '{"a":1}', runAfterMs: 60_000, dedupeKey: 'a' }],
    events: [{ name: 'plugin.everything.late', payload: '{"days":3}' }],
    figures: { seen: 3, open: -4 },
  });
});

test('companies are looked up in a directory', async () => {
  await using plugin = await Plugin.load(file);
  plugin.expectOnce({ url: 'https://api.example.fr/forges' }, { json: { name: 'Forges' } });
  const found = await plugin.call('find', { wanted: { tag: 'name', val: 'forges' }, postcode: '02000' });
  expect(found).toMatchObject([
    { name: 'Forges', address: { postcode: '02000' }, idcc: ['3248'], headcount: { least: 10, most: null } },
  ]);
  const number = { wanted: { tag: 'siret', val: '73282932000074' }, postcode: '' } as const;
  await expect(plugin.call('find', number)).rejects.toMatchObject({ error: { tag: 'unavailable' } });
});

test('jobs are run, and how they end is said', async () => {
  await using plugin = await Plugin.load(file);
  expect(await plugin.call('run', 'done', 'null', 1)).toEqual({ tag: 'done' });
  expect(await plugin.call('run', 'retry', 'null', 3)).toEqual({ tag: 'retry', val: 3000 });
  expect(await plugin.call('run', 'fail', '{"why":1}', 1)).toEqual({ tag: 'fail', val: '{"why":1}' });
  await expect(plugin.call('run', 'throw', 'null', 1)).rejects.toThrow('not today');
});

test('the web is asked with headers, secrets and a body', async () => {
  await using plugin = await Plugin.load(file);
  const request = {
    method: 'PUT',
    headers: { authorization: 'Bearer s3cret', 'content-type': 'application/json', 'x-one': '1' },
    bodyHas: ['{"é":1}'],
  };
  plugin
    .secret('token', 's3cret')
    .expectOnce({ url: 'https://api.example.fr/a', ...request }, { status: 201, json: { ok: '✓' } });
  expect(await result(plugin, 'http')).toEqual([201, true, 'application/json', { ok: '✓' }, null]);
  plugin.expectOnce({ url: 'https://api.example.fr/long' }, { chunks: ['01234', '56789', '!'] });
  await expect(plugin.call('notify', order('long'))).rejects.toMatchObject({ error: { tag: 'other' } });
});

test('what is refused can be caught, or goes on to the host', async () => {
  await using plugin = await Plugin.load(file);
  expect(await result(plugin, 'caught')).toEqual(['denied', 'string']);
  await expect(plugin.call('notify', order('elsewhere'))).rejects.toMatchObject({
    kind: 'error',
    error: { tag: 'denied' },
  });
  await expect(plugin.call('notify', order('later'))).rejects.toMatchObject({
    error: { tag: 'rate-limited', val: 1500 },
  });
  plugin.grants('kv');
  await expect(plugin.call('notify', order('records'))).rejects.toMatchObject({ error: { tag: 'denied' } });
  expect((await plugin.seen()).denied).toContain('records-read');
});

test('a mistake is named with its place and does no harm to the next call', async () => {
  await using plugin = await Plugin.load(file);
  await expect(plugin.call('notify', order('broken'))).rejects.toMatchObject({
    kind: 'error',
    error: { tag: 'other', val: expect.stringMatching(/^TypeError: [\s\S]*nothing[\s\S]*at /) },
  });
  expect(await result(plugin, 'unknown order')).toBeNull();
});

test('dates can be reckoned with; time and chance are the host’s', async () => {
  await using plugin = await Plugin.load(file);
  expect(await result(plugin, 'date')).toEqual([1_767_571_200_000, '1970-01-01T00:00:00.000Z', 1_767_600_000_000]);
  for (const [name, instead] of [
    ['now', 'clock.now'],
    ['new date', 'clock.now'],
    ['chance', 'random.bytes'],
  ] as const) {
    await expect(plugin.call('notify', order(name))).rejects.toThrow(instead);
  }
});

test('settings have a schema, defaults, a judgement and a way from older ones', async () => {
  await using plugin = await Plugin.load(file);
  const schema = JSON.parse(await plugin.call('config-schema'));
  expect(schema).toMatchObject({
    'x-order': ['start', 'end'],
    properties: { start: { default: 9, 'x-title-en': 'Start' } },
  });
  expect(await plugin.call('validate-config', '{}')).toEqual([]);
  expect(await plugin.call('validate-config', '{"end":8}')).toMatchObject([{ field: '/end', code: 'out-of-range' }]);
  expect(JSON.parse(await plugin.call('migrate-config', '0.0.1', '{"start":7}'))).toEqual({ start: 7, end: 18 });
  expect((await plugin.config({ start: 7 }).call('kinds'))[0]?.label.fr).toBe('Dès 7 h');
});

test('a test that is wrong says so', async () => {
  await using plugin = await Plugin.load(file);
  await expect(plugin.call('subscriptions')).rejects.toThrow('this notifier plugin has no function `subscriptions`');
  await expect(plugin.locale('de' as 'fr').call('kinds')).rejects.toMatchObject({ kind: 'harness' });
});

test('a request that should have come and did not is missed', async () => {
  const plugin = await Plugin.load(file);
  plugin.expectOnce({ url: 'https://api.example.fr/a' }, { status: 200 });
  await expect(plugin[Symbol.asyncDispose]()).rejects.toThrow('https://api.example.fr/a');
});
