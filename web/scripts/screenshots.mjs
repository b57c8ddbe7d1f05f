// Takes the pictures in docs/screenshots from a running demo: `AFPI_E2E_URL=http://127.0.0.1:3000 npm run screenshots`.
// Each page in light at 1440, 1024 and 390 px, and in dark at 1440 px. Names on the command line select pages.
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
  // One with several opportunités.
  ['entreprise', 'Manager', '/entreprises', 'main tr:has(.num .strong:text-is("2")) td.main > a'],
  ['planning', 'Planificateur', '/planning'],
  ['sessions', 'Planificateur', '/sessions'],
  ['session', 'Planificateur', '/sessions', 'main td.main > a'],
  ['salles', 'Planificateur', '/salles'],
  ['catalogue', 'Manager', '/catalogue'],
  ['stagiaires', 'Assistante', '/stagiaires'],
  ['formateurs', 'Planificateur', '/formateurs'],
  ['formateur', 'Planificateur', '/formateurs', 'main td.main a'],
  ['facturation', 'Facturation', '/facturation'],
  ['bpf', 'Administrateur', '/facturation?vue=bpf'],
  ['pilotage', 'Manager', '/pilotage'],
  ['anomalies', 'Manager', '/anomalies'],
  ['doublons', 'Manager', '/entreprises/doublons'],
  ['imports', 'Manager', '/imports'],
  ['corbeille', 'Manager', '/corbeille'],
  ['notifications', 'Commercial', '/notifications'],
  ['compte', 'Manager', '/compte'],
  ['plugins', 'Administrateur', '/plugins'],
  ['plugin', 'Administrateur', '/plugins/workflow-afpi'],
  ['connecteur', 'Administrateur', '/connecteurs/ypareo?vue=configuration'],
  ['journal', 'Administrateur', '/journal?sujet=session&acte=edited'],
  ['traitements', 'Administrateur', '/traitements'],
  ['utilisateurs', 'Administrateur', '/utilisateurs'],
  ['roles', 'Administrateur', '/roles'],
  ['entites', 'Administrateur', '/entites'],
  ['donnees-personnelles', 'Administrateur', '/donnees-personnelles'],
];
const chosen = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROME_BIN ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
// One sign-in a role; its pages are taken in all looks.
for (const role of new Set(PAGES.map(([, role]) => role))) {
  const pages = PAGES.filter(([name, who]) => who === role && (!chosen.length || chosen.includes(name)));
  if (!pages.length) continue;
  const context = await browser.newContext({
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${base}/connexion`);
  await page.getByRole('button', { name: role, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: /^Bonjour/ }).waitFor();
  for (const [name, , path, link] of pages) {
    await page.setViewportSize(LOOKS[0]);
    await page.goto(base + path);
    if (link) {
      await page.locator(link).first().click();
      await page.waitForURL((url) => url.pathname !== path);
    }
    const address = page.url();
    for (const { width, height, theme } of LOOKS) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height });
      // Some pages choose at the start what fits.
      await page.goto(address);
      await page.locator('h1').first().waitFor({ state: 'attached' });
      // Panels read their own data, and announce themselves late.
      await page.waitForLoadState('networkidle', { timeout: 2500 }).catch(() => undefined);
      await page.waitForFunction(() => !document.querySelector('.skeleton'));
      await page.screenshot({ path: join(folder, `${name}-${width}-${theme}.jpg`), type: 'jpeg', quality: 70 });
    }
  }
  await context.close();
}
await browser.close();
