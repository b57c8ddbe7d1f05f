// Browser tests on running servers with demo data. AFPI_E2E_URL names the servers (several are separated by spaces),
// and CHROME_BIN names the browser.
import { defineConfig, devices } from '@playwright/test';

const SERVERS = (process.env['AFPI_E2E_URL'] ?? 'http://127.0.0.1:3000').split(' ');
/** The number of this worker. Each worker reads this file. */
const WORKER = Number(process.env['TEST_PARALLEL_INDEX'] ?? 0);

// Moves the days that this run books, so that a second run on the same demo finds them free. Workers inherit it.
process.env['AFPI_E2E_RUN'] ??= String(Math.floor(Math.random() * 100));

export default defineConfig({
  testDir: 'e2e',
  // The tests of one worker share a server and its data. Two workers never share a server.
  workers: SERVERS.length,
  forbidOnly: true,
  // In CI a test that passes at its second attempt is reported as flaky.
  retries: process.env['CI'] ? 1 : 0,
  // Two browsers, two servers and their databases share the cores of CI: what takes a second alone may take ten there.
  timeout: process.env['CI'] ? 120_000 : 60_000,
  expect: { timeout: process.env['CI'] ? 20_000 : 10_000 },
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    ...devices['Desktop Chrome'],
    channel: undefined,
    viewport: { width: 1440, height: 900 },
    baseURL: SERVERS[WORKER] ?? '',
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    // Recording every test costs a third of the time, so CI records only the second attempt.
    trace: process.env['CI'] ? 'on-first-retry' : 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['CHROME_BIN'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
