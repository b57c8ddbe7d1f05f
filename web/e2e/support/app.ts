/** Helpers for all browser tests: signing in as a role, watching the console, and running axe. */
import AxeBuilder from '@axe-core/playwright';
import { Browser, BrowserContext, BrowserContextOptions, Page, expect, test as base } from '@playwright/test';

export const ROLES = {
  admin: 'Administrateur',
  responsable: 'Responsable commercial',
  manager: 'Manager',
  commercial: 'Commercial',
  assistante: 'Assistante',
  planificateur: 'Planificateur',
  facturation: 'Facturation',
} as const;
export type RoleName = keyof typeof ROLES;

/**
 * Statuses that tests cause on purpose, unless a file names others. The console reports them as network errors, but the
 * page has no fault.
 */
const EXPECTED = /status of (401|404|409|410|412|422)/;

/**
 * Fails a test when any page of any person logged an error, including a CSP violation, or got no answer to a request.
 */
export const test = base.extend<{ quiet: undefined; caused: RegExp }>({
  caused: [EXPECTED, { option: true }],
  quiet: [
    async ({ browser, context, caused }, use) => {
      const errors: string[] = [];
      const others: BrowserContext[] = [];
      const watched = (other: BrowserContext): void => {
        others.push(other);
        watch(other, errors, caused);
      };
      watch(context, errors, caused);
      browser.on('context', watched);
      await use(undefined);
      browser.off('context', watched);
      const found = [...errors];
      // Playwright closes only its own context. The pages of further people would go on, and keep their live streams.
      await Promise.all(others.map((other) => other.close()));
      expect(found, 'errors in the browsers').toEqual([]);
    },
    { auto: true },
  ],
});

function watch(context: BrowserContext, errors: string[], caused: RegExp): void {
  context.on('console', (message) => {
    if (message.type() === 'error' && !caused.test(message.text()))
      errors.push(`${message.text()} ${message.location().url}`);
  });
  context.on('weberror', (error) => errors.push(error.error().message));
  context.on('requestfailed', (request) => {
    // Requests that a page aborts or repeats when the user leaves it are not failures.
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') errors.push(`${request.method()} ${request.url()}: ${why}`);
  });
}

export async function signIn(page: Page, role: RoleName): Promise<void> {
  await page.goto('/connexion');
  await page.getByRole('button', { name: ROLES[role], exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Bonjour/ })).toBeVisible();
}

/** Signs in another person in a separate browser context. Returns the page. */
export async function person(browser: Browser, role: RoleName, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await signIn(page, role);
  return page;
}

/** Checks that axe finds no violation of WCAG 2.1 A or AA. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // Describes only what is wrong, and ends in the page itself: no page shows a frame of another origin.
    .options({ resultTypes: ['violations'] })
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  expect(found, what).toEqual([]);
}

/** Checks that the page does not extend beyond the right edge. */
export async function expectNoSideways(page: Page, what: string): Promise<void> {
  const wide = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main')].some(
      (box) => box.scrollWidth > box.clientWidth + 1,
    ),
  );
  expect(wide, `${what} scrolls sideways`).toBe(false);
}

/** Checks that there is a toast with this text. */
export async function expectToast(page: Page, text: string | RegExp): Promise<void> {
  await expect(page.getByRole('status').filter({ hasText: text }).first()).toBeVisible();
}

/**
 * A valid SIRET that no other test uses: a random SIREN and establishment with their Luhn digits. With another one: the
 * second establishment of the same company.
 */
export function freshSiret(beside?: string): string {
  const withKey = (digits: string): string => {
    let sum = 0;
    [...digits].reverse().forEach((digit, index) => {
      const doubled = index % 2 === 0 ? Number(digit) * 2 : Number(digit);
      sum += doubled > 9 ? doubled - 9 : doubled;
    });
    return digits + String((10 - (sum % 10)) % 10);
  };
  if (beside) return withKey(`${beside.slice(0, 9)}0002`);
  const siren = withKey(String(Math.floor(10_000_000 + Math.random() * 89_999_999)));
  return withKey(`${siren}0001`);
}

/** Weeks of one worker. Each attempt is another worker. */
const WEEKS = 40;
let week = (Number(process.env['AFPI_E2E_RUN']) + Number(process.env['TEST_WORKER_INDEX']) * WEEKS) % 200;

/** A Monday far ahead that no other test of this run uses, as `dd/mm/yyyy`: trainers and rooms are free then. */
export function ownMonday(): string {
  const day = mondayAhead(200 + week * 7);
  week += 1;
  return mondayAhead(200 + week * 7) === day ? ownMonday() : day;
}

/** The next Monday `days` or more ahead that is no public holiday (Code du travail, art. L3133-1), as `dd/mm/yyyy`. */
export function mondayAhead(days: number): string {
  const date = new Date(Date.now() + days * 86_400_000);
  date.setUTCDate(date.getUTCDate() + ((8 - date.getUTCDay()) % 7));
  while (isHoliday(date)) date.setUTCDate(date.getUTCDate() + 7);
  return `${dayAndMonth(date)}/${date.getUTCFullYear()}`;
}

function dayAndMonth(date: Date): string {
  return `${String(date.getUTCDate()).padStart(2, '0')}/${String(date.getUTCMonth() + 1).padStart(2, '0')}`;
}

/** Tells whether this Monday is a public holiday: a fixed date, or the Monday after Easter or Whitsun. */
function isHoliday(monday: Date): boolean {
  const fixed = ['01/01', '01/05', '08/05', '14/07', '15/08', '01/11', '11/11', '25/12'];
  const sinceEaster = Math.floor((monday.getTime() - easter(monday.getUTCFullYear())) / 86_400_000);
  return fixed.includes(dayAndMonth(monday)) || sinceEaster === 1 || sinceEaster === 50;
}

/** Easter Sunday at midnight UTC (J. Meeus, Astronomical Algorithms, ch. 8). */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(n / 31) - 1, (n % 31) + 1);
}
