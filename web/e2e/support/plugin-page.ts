/** An administrator's actions on plugins in the browser, and the removal of test plugins. */
import { APIRequestContext, Locator, Page, expect } from '@playwright/test';
import { expectToast } from './app';
import { PluginFile } from './plugin-file';

/** Chooses a file in the install dialog, which then shows an error or closes because the host accepts the file. */
export async function choose(page: Page, file: PluginFile): Promise<Locator> {
  await page.goto('/plugins');
  await page.getByRole('button', { name: 'Installer un fichier' }).click();
  const dialog = page.getByRole('dialog', { name: 'Installer une extension' });
  await dialog.getByLabel('Choisir un fichier').setInputFiles(file);
  return dialog;
}

/** Uploads a file. Returns the dialog that asks for consent. */
export async function hand(page: Page, file: PluginFile): Promise<Locator> {
  await choose(page, file);
  const consent = page.getByRole('dialog', { name: 'Donner votre accord ?' });
  await expect(consent).toBeVisible({ timeout: 60_000 });
  return consent;
}

/** Uploads a file, consents and opens the plugin's page. */
export async function install(page: Page, file: PluginFile, name: string): Promise<void> {
  const consent = await hand(page, file);
  await consent.getByRole('button', { name: 'Accepter' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout: 60_000 });
}

/** Switches the page's plugin on or off at a site. */
export async function switchAt(page: Page, site: string, on: boolean): Promise<void> {
  const toggle = page.getByRole('switch', { name: `Activer sur ${site}` });
  await toggle.click();
  if (!on) await page.getByRole('alertdialog').getByRole('button', { name: 'Désactiver' }).click();
  await expect(toggle).toHaveAttribute('aria-checked', String(on));
}

/** Fills in the settings of the page's plugin at a site. A boolean sets or clears a box. */
export async function configureAt(page: Page, site: string, settings: Record<string, string | boolean>): Promise<void> {
  await page.getByRole('button', { name: `Configurer sur ${site}` }).click();
  const dialog = page.getByRole('dialog', { name: new RegExp(site) });
  for (const [label, value] of Object.entries(settings)) {
    if (typeof value === 'boolean') await dialog.getByRole('checkbox', { name: label }).setChecked(value);
    else await dialog.getByLabel(label, { exact: true }).fill(value);
  }
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog).toBeHidden();
}

/** Tries a move that needs confirmation and may be refused. Returns the dialog. */
export async function tryMove(page: Page, move: string, reason: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Autres actions' }).click();
  await page.getByRole('menuitem', { name: move, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: move });
  await dialog.getByRole('textbox').first().fill(reason);
  const cause = dialog.getByLabel('Raison');
  if (await cause.count()) await cause.selectOption({ label: 'Projet abandonné' });
  await dialog.getByRole('button', { name: move, exact: true }).click();
  return dialog;
}

/** Rolls back to a version, on the plugin's page. */
export async function rollBack(page: Page, version: string): Promise<void> {
  await page.getByRole('tab', { name: /^Versions/ }).click();
  await page.getByRole('button', { name: `Revenir à la version ${version}` }).click();
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: `Revenir à la version ${version}` })
    .click();
  await expectToast(page, `Retour à la version ${version}`);
}

/** Requests to the API as an administrator. */
export interface Admin {
  get(path: string): Promise<unknown>;
  /** `version` is the version of the record that was read. */
  post(path: string, data: unknown, version?: number): Promise<{ status: number; body: unknown }>;
  put(path: string, data: unknown, version: number): Promise<{ status: number; body: unknown }>;
  patch(path: string, data: unknown, version: number): Promise<void>;
  remove(path: string): Promise<void>;
}

/** Signs in as the demo's administrator, to prepare a test, to check another site, or to clean up. */
export async function asAdmin(request: APIRequestContext): Promise<Admin> {
  const { data } = (await (await request.get('/api/demo/accounts')).json()) as {
    data: { email: string; role: string; password: string }[];
  };
  const account = data.find(({ role }) => role === 'admin');
  if (!account) throw new Error('the server has no demo accounts');
  const session = (await (
    await request.post('/api/auth/login', { data: { email: account.email, password: account.password } })
  ).json()) as { token: string };
  const headers = { Authorization: `Bearer ${session.token}` };
  return {
    get: async (path) => (await (await request.get(path, { headers })).json()) as unknown,
    post: async (path, body, version) => {
      const answer = await request.post(path, {
        headers: version === undefined ? headers : { ...headers, 'If-Match': `"${version}"` },
        data: body,
      });
      return { status: answer.status(), body: (await answer.json()) as unknown };
    },
    put: async (path, body, version) => {
      const answer = await request.put(path, { headers: { ...headers, 'If-Match': `"${version}"` }, data: body });
      return { status: answer.status(), body: (await answer.json()) as unknown };
    },
    patch: async (path, body, version) => {
      const answer = await request.patch(path, { headers: { ...headers, 'If-Match': `"${version}"` }, data: body });
      if (!answer.ok()) throw new Error(`PATCH ${path}: ${answer.status()}`);
    },
    remove: async (path) => {
      await request.delete(path, { headers });
    },
  };
}

/** Removes and purges test plugins, whatever state a test left them in. */
export async function clearAway(request: APIRequestContext, ids: string[]): Promise<void> {
  const admin = await asAdmin(request);
  for (const id of ids) await admin.remove(`/api/plugins/${id}?purge=true`);
}
