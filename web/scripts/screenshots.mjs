// Takes the pictures in docs/screenshots from a running demo: `AFPI_E2E_URL=http://127.0.0.1:3000 npm run screenshots`.
// Each page in light and dark at 1440 px, and in light at 1024 and 390 px. Names on the command line select pages.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../docs/screenshots');
const base = process.env.AFPI_E2E_URL ?? 'http://127.0.0.1:3000';
const LOOKS = [
  { width: 1440, height: 900, theme: 'light' },
  { width: 1440, height: 900, theme: 'dark' },
  { width: 1024, height: 768, theme: 'light' },
  { width: 390, height: 844, theme: 'light' },
];
/** Name, role, path, and the link in it that leads to the page. */
const PAGES = [
  ['home', 'Manager', '/'],
  ['home-admin', 'Administrateur', '/'],
  ['opportunites', 'Manager', '/opportunites'],
  ['board', 'Manager', '/opportunites/tableau'],
  ['record', 'Manager', '/opportunites', 'main td.main > a'],
  ['entreprises', 'Manager', '/entreprises'],
  ['entreprise', 'Manager', '/entreprises', 'main td.main > a'],
  ['doublons', 'Administrateur', '/entreprises/doublons'],
  ['planning', 'Planificateur', '/planning'],
  ['sessions', 'Planificateur', '/sessions'],
  ['stagiaires', 'Assistante', '/stagiaires'],
  ['formateurs', 'Planificateur', '/formateurs'],
  ['formateur', 'Planificateur', '/formateurs', 'main td.main a'],
  ['facturation', 'Facturation', '/facturation'],
  ['pilotage', 'Manager', '/pilotage'],
  ['notifications', 'Manager', '/notifications'],
  ['compte', 'Manager', '/compte'],
  ['plugins', 'Administrateur', '/plugins'],
  ['plugin', 'Administrateur', '/plugins/workflow-afpi'],
  ['connecteur', 'Administrateur', '/connecteurs/ypareo'],
  ['journal', 'Administrateur', '/journal'],
  ['traitements', 'Administrateur', '/traitements'],
  ['utilisateurs', 'Administrateur', '/utilisateurs'],
  ['roles', 'Administrateur', '/roles'],
];

const chosen = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROME_BIN ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const { width, height, theme } of LOOKS) {
  for (const role of new Set(PAGES.map(([, role]) => role))) {
    const pages = PAGES.filter(([name, who]) => who === role && (!chosen.length || chosen.includes(name)));
    if (!pages.length) continue;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      locale: 'fr-FR',
      timezoneId: 'Europe/Paris',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto(`${base}/connexion`);
    await page.getByRole('button', { name: role, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: /^Bonjour/ }).waitFor();
    for (const [name, , path, link] of pages) {
      await page.goto(base + path);
      if (link) await page.locator(link).first().click();
      await page.locator('h1').first().waitFor({ state: 'attached' });
      // Panels read their own data.
      await page.waitForLoadState('networkidle', { timeout: 2500 }).catch(() => undefined);
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      await page.screenshot({ path: join(folder, `${name}-${width}-${theme}.jpg`), type: 'jpeg', quality: 70 });
    }
    await context.close();
  }
}
await browser.close();
