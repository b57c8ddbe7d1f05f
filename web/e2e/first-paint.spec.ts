/** The first paint: the frame stands before the application has started, in the saved theme, and nothing moves then. */
import { Page, expect } from '@playwright/test';
import { signIn, test } from './support/app';

/** Holds the application's scripts back until the returned function is called. */
async function held(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/(main|start)-\w+\.js$/, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** How much of the page has moved since it began, by the browser's own account. */
function moved(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => {
          resolve(sum);
        }, 500);
      }),
  );
}

for (const [name, size] of [
  ['wide', { width: 1440, height: 900 }],
  ['narrow', { width: 390, height: 844 }],
] as const) {
  test(`the frame stands before the application, ${name}, in the saved theme`, async ({ page }) => {
    await page.setViewportSize(size);
    await signIn(page, 'commercial');
    await page.getByRole('button', { name: /^Mon compte/ }).click();
    await page.getByRole('menuitemradio', { name: 'Sombre' }).click();
    const topbar = await page.locator('afpi-topbar').boundingBox();
    const release = await held(page);
    await page.reload({ waitUntil: 'commit' });
    await expect(page.locator('#boot .boot-top')).toBeVisible();
    await expect(page.locator('#boot .boot-nav')).toBeVisible({ visible: name === 'wide' });
    expect(await page.locator('#boot .boot-top').boundingBox()).toEqual(topbar);
    await expect(page.locator('#boot .boot-top')).toHaveCSS('background-color', 'rgb(20, 28, 45)');
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(0);
    release();
    await expect(page.getByRole('heading', { level: 1, name: /^Bonjour/ })).toBeVisible();
    await expect(page.locator('#boot')).toHaveCount(0);
    expect(await moved(page)).toBeLessThan(0.1);
  });
}

test('a visitor who is not signed in sees no frame', async ({ page }) => {
  const release = await held(page);
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.locator('#boot')).toBeAttached();
  await expect(page.locator('#boot')).toBeHidden();
  release();
  await expect(page.getByRole('heading', { level: 1, name: 'Bienvenue' })).toBeVisible();
  await expect(page.locator('#boot')).toHaveCount(0);
});

for (const path of ['/', '/opportunites', '/opportunites/tableau', '/pilotage', '/facturation']) {
  test(`${path} loads few scripts, all asked for at once`, async ({ page }) => {
    await signIn(page, 'admin');
    // What a page asks for once it is drawn, nobody waits for.
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('main h1')) return;
        performance.mark('drawn');
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
    const scripts = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .filter(({ startTime }) => startTime < (performance.getEntriesByName('drawn')[0]?.startTime ?? Infinity))
        .map(({ name }) => new URL(name).pathname.slice(1)),
    );
    const early = await page
      .locator('link[rel=modulepreload]')
      .evaluateAll((links) => links.map((link) => new URL((link as HTMLLinkElement).href).pathname.slice(1)));
    expect(new Set(scripts).size).toBeLessThan(25);
    expect(scripts.filter((name) => !early.includes(name) && !name.startsWith('boot-'))).toEqual([]);
  });
}
