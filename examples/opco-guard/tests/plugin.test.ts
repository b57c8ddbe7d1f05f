//! The component in the real runtime, with companies from the test; and the list of OPCOs on its own.

import type { hook, Opportunite } from 'afpi-plugin';
import { entreprise, opportunite, Plugin } from 'afpi-plugin/testing';
import { expect, test } from 'vitest';
import { opcoOf } from '../src/opco.js';

const funding = 'en_attente_financement';

function moved(target: string, with_: Partial<Opportunite> = {}): hook.Event {
  const subject = { tag: 'opportunite' as const, val: opportunite(with_) };
  return { name: 'opportunite.moved', at: 0, site: 's', actor: null, subject, data: JSON.stringify({ target }) };
}

/** With one company that has these values. */
async function knowing(known: Record<string, string>): Promise<Plugin> {
  return (await Plugin.here()).entreprises([entreprise({ data: JSON.stringify(known) })]);
}

test('funding is asked for once it is known who pays', async () => {
  await using plugin = await knowing({ opco: 'OPCO 2i', nafCode: '24.51Z' });
  expect(await plugin.call('before', moved(funding))).toEqual({ tag: 'allow' });
});

test.each([
  [{}, 'The OPCO of Fonderies d’essai is not known.'],
  [{ opco: 'FAFIEC' }, '“FAFIEC” is not a recognised OPCO.'],
  [{ opco: 'Atlas' }, 'The NAF code of Fonderies d’essai is not known.'],
])('%j is not enough', async (known, en) => {
  await using plugin = await knowing(known);
  expect(await plugin.call('before', moved(funding))).toMatchObject({ tag: 'veto', val: { en } });
});

test('other moves, and people on their own account, pass', async () => {
  await using plugin = await knowing({});
  expect(await plugin.call('before', moved('devis_envoye'))).toEqual({ tag: 'allow' });
  expect(await plugin.call('before', moved(funding, { kind: 'individuelle' }))).toEqual({ tag: 'allow' });
});

test('a site can guard another status and do without the NAF code', async () => {
  await using plugin = await knowing({ opco: 'akto' });
  plugin.config({ status: 'devis_envoye', naf: false });
  expect(await plugin.call('before', moved('devis_envoye'))).toEqual({ tag: 'allow' });
});

test('without the grant it fails, and the manifest says that changes then pass', async () => {
  await using plugin = await knowing({ opco: 'akto' });
  await expect(plugin.grants().call('before', moved(funding))).rejects.toMatchObject({ kind: 'error', error: { tag: 'denied' } });
  expect((await plugin.seen()).denied).toEqual(['records-read']);
  expect((await plugin.describe()).manifest['on-failure']).toBe('open');
});

test('OPCOs are known however they are written', () => {
  expect(['opco2i', '2I', "L'OPCOMMERCE", 'Opcommerce', 'opco sante', 'Afdas'].map(opcoOf)).toEqual([
    'OPCO 2i', 'OPCO 2i', 'L’Opcommerce', 'L’Opcommerce', 'OPCO Santé', 'AFDAS',
  ]);
  expect(opcoOf('FAFTT')).toBeNull();
});
