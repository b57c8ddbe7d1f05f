/** The whole life of a plugin for its author and an administrator: created, tested, signed, consented to, switched
 * on at one site, active only there, upgraded, rolled back and removed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APIRequestContext, expect } from '@playwright/test';
import { expectToast, person, signIn, test } from './support/app';
import { Language, afpi, inScratch, packed, project, write } from './support/author';
import { createOpportunite, expectStatus } from './support/chain';
import { LIB } from './support/gate';
import { asAdmin, clearAway, configureAt, hand, install, rollBack, switchAt, tryMove } from './support/plugin-page';

const SITE = 'AFPI Aisne';
const ELSEWHERE = 'AFPI-35';

const manifest = (id: string, name: string, version: string, capabilities = ''): string => `
id = "${id}"
kind = "hook"
version = "${version}"
on-failure = "closed"
${capabilities}
[name]
fr = "${name}"
en = "${name}"

[description]
fr = "Garde les dossiers qu’on voudrait abandonner."
en = "Keeps the records that somebody would drop."
`;

/** A native test of the rule, and a test of the component in the real runtime. */
const RUST_TESTS = (crate: string): string => `
use afpi_plugin_testing::{Plugin, json};
use afpi_sdk::hook::{Event, Hook, Subject, Verdict};
use afpi_sdk::testing;
use ${crate}::{Gate, Settings};

fn cancelled() -> Event {
    let data = json!({ "transition": "annuler" }).to_string();
    Event { name: "opportunite.moved".into(), at: 0, site: "s".into(), actor: None, subject: Subject::Opportunite(testing::opportunite()), data }
}

#[test]
fn nothing_is_forbidden_unless_asked_for() {
    assert_eq!(Gate::before(&Settings::default(), &cancelled()).unwrap(), Verdict::Allow);
}

#[test]
fn the_component_forbids_what_its_settings_name() {
    let mut plugin = Plugin::here();
    plugin.config(&json!({ "forbidden": "annuler", "reason": "Non." }));
    let judged: Verdict = plugin.call("before", (cancelled(),)).unwrap();
    assert!(matches!(judged, Verdict::Veto(reason) if reason.fr == "Non."));
}
`;

/** The same hook in TypeScript. */
const TS_PLUGIN = `
//! Forbids a move, as its settings say.

import { allow, before, defineHook, object, string, veto } from 'afpi-plugin';

const settings = object({
  forbidden: string({ fr: 'Action interdite', en: 'Forbidden move' }),
  reason: string({ fr: 'Motif', en: 'Reason' }),
});

export default defineHook({
  settings,

  subscriptions: () => [before('opportunite.moved')],

  before({ forbidden, reason }, event) {
    const { transition } = JSON.parse(event.data) as { transition?: string };
    return forbidden !== '' && transition === forbidden ? veto(reason, reason) : allow;
  },
});
`;

const TS_TESTS = `
import type { hook } from 'afpi-plugin';
import { opportunite, Plugin } from 'afpi-plugin/testing';
import { expect, test } from 'vitest';

const cancelled: hook.Event = {
  name: 'opportunite.moved', at: 0, site: 's', actor: null, subject: { tag: 'opportunite', val: opportunite({}) }, data: '{"transition":"annuler"}',
};

test('nothing is forbidden unless asked for', async () => {
  await using plugin = await Plugin.here();
  expect(await plugin.call('before', cancelled)).toEqual({ tag: 'allow' });
});

test('the component forbids what its settings name', async () => {
  await using plugin = await Plugin.here();
  plugin.config({ forbidden: 'annuler', reason: 'Non.' });
  expect(await plugin.call('before', cancelled)).toMatchObject({ tag: 'veto', val: { fr: 'Non.' } });
});
`;

/** For each language, the code with which the author replaces a hook's template. */
const AUTHORS: { title: string; language: Language; work: (id: string) => Record<string, string> }[] = [
  {
    title: 'Rust',
    language: 'rust',
    work: (id) => ({ 'src/lib.rs': LIB, 'tests/plugin.rs': RUST_TESTS(id.replaceAll('-', '_')) }),
  },
  {
    title: 'TypeScript',
    language: 'ts',
    work: () => ({ 'src/plugin.ts': TS_PLUGIN, 'tests/plugin.test.ts': TS_TESTS }),
  },
];

/** Cancels an opportunité of another site through the API. The plugin is not switched on there. */
async function cancelElsewhere(api: APIRequestContext, title: string): Promise<number> {
  const admin = await asAdmin(api);
  const { data: sites } = (await admin.get('/api/localisations')) as { data: { id: string; code: string }[] };
  const localisationId = sites.find(({ code }) => code === ELSEWHERE)?.id;
  const company = await admin.post('/api/entreprises', { name: title, localisationId });
  const made = await admin.post('/api/opportunites', {
    entrepriseId: (company.body as { id: string }).id,
    title,
    budget: 100_000,
    localisationId,
  });
  const { id, version } = (made.body as { opportunite: { id: string; version: number } }).opportunite;
  return (
    await admin.post(`/api/opportunites/${id}/transitions/annuler`, { cause: 'autre', motif: 'Ailleurs.' }, version)
  ).status;
}

for (const { title, language, work } of AUTHORS) {
  test(`${title}: new, test, pack, install, consent, one site, upgrade, rollback, uninstall`, async ({
    browser,
    page,
    request,
  }) => {
    // The first compilation of the SDK takes most of this time. The steps themselves take a minute.
    test.setTimeout(15 * 60_000);
    const id = `garde-${Date.now().toString(36)}`;
    const name = `Garde ${id}`;
    const reason = 'Un dossier ne s’abandonne pas sans appel.';
    try {
      await inScratch(async (scratch) => {
        const dir = await project(scratch, id, 'hook', language);
        write(dir, { ...work(id), 'plugin.toml': manifest(id, name, '1.0.0') });
        await afpi(dir, 'test');
        await afpi(dir, 'keygen', 'my.key', '--name', name);
        await afpi(dir, 'pack', '--key', 'my.key');

        // The administrator trusts the key once. Then the host accepts every file that it signed.
        await signIn(page, 'admin');
        await page.goto('/plugins/cles');
        await page.getByRole('button', { name: 'Ajouter une clé' }).click();
        const key = page.getByRole('dialog', { name: 'Ajouter une clé' });
        await key.getByLabel('Clé publique').fill(readFileSync(join(dir, 'my.key.pub'), 'utf8'));
        await key.getByRole('button', { name: 'Enregistrer' }).click();
        await expectToast(page, 'Clé ajoutée');
        await install(page, packed(dir, id), name);
        await expect(page.getByText('Privé', { exact: true })).toBeVisible();
        await expect(page.getByRole('switch', { checked: true })).toHaveCount(0);
        await configureAt(page, SITE, { 'Action interdite': 'annuler', Motif: reason });
        await switchAt(page, SITE, true);
        await expect(page.getByRole('switch', { checked: true })).toHaveCount(1);

        // The plugin acts only at this site.
        const commercial = await person(browser, 'commercial');
        const path = await createOpportunite(commercial, `Chemin ${id}`);
        const dialog = await tryMove(commercial, 'Annuler le dossier', 'Le client renonce.');
        await expect(dialog.getByRole('alert')).toContainText(reason);
        await dialog.getByRole('button', { name: 'Fermer' }).click();
        expect(await cancelElsewhere(request, `Ailleurs ${id}`)).toBe(200);

        // A version that requests more waits for consent. The old version continues to work.
        write(dir, { 'plugin.toml': manifest(id, name, '1.1.0', '[capabilities]\nclock = true\n') });
        await afpi(dir, 'pack', '--key', 'my.key');
        const consent = await hand(page, packed(dir, id));
        await expect(consent.getByText('Remplace la version 1.0.0')).toBeVisible();
        await expect(consent.getByText('nouveau', { exact: true })).toBeVisible();
        await consent.getByRole('button', { name: 'Décider plus tard' }).click();
        await page.getByRole('tab', { name: /^Versions.*1/ }).click();
        const versions = page.getByRole('region', { name: 'Versions' });
        await expect(versions.getByRole('row', { name: /1\.0\.0.*Active/ })).toBeVisible();
        await versions.getByRole('button', { name: 'Examiner la version 1.1.0' }).click();
        await consent.getByRole('button', { name: 'Accepter' }).click();
        await expect(versions.getByRole('row', { name: /1\.1\.0.*Active/ })).toBeVisible({ timeout: 60_000 });
        const still = await tryMove(commercial, 'Annuler le dossier', 'Le client renonce.');
        await expect(still.getByRole('alert')).toContainText(reason);
        await still.getByRole('button', { name: 'Fermer' }).click();

        await rollBack(page, '1.0.0');
        await expect(versions.getByRole('row', { name: /1\.0\.0.*Active/ })).toBeVisible({ timeout: 60_000 });

        // After the plugin's removal nothing refuses the move, and the history still names the plugin.
        await versions.getByRole('button', { name: 'Désinstaller' }).click();
        await page.getByRole('alertdialog').getByRole('button', { name: 'Désinstaller' }).click();
        await expectToast(page, 'Extension désinstallée');
        await expect(await tryMove(commercial, 'Annuler le dossier', 'Le client renonce.')).toBeHidden();
        await commercial.goto(path);
        await expectStatus(commercial, 'Annulé');
        // Users who manage plugins see the plugin's name.
        await page.goto(path);
        const history = page.getByRole('region', { name: 'Suivi' });
        await expect(history.getByText(`Refusé par l’extension ${name} : ${reason}`).first()).toBeVisible();
        await expect(history.getByText(`${id} 1.1.0`, { exact: false })).toBeVisible();
        await commercial.context().close();
      });
    } finally {
      await clearAway(request, [id]);
    }
  });
}
