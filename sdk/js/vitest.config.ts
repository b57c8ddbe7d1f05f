import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The program of this checkout, unless AFPI_BIN names another one. */
const target = process.env['CARGO_TARGET_DIR'] ?? fileURLToPath(new URL('../../target', import.meta.url));
const AFPI_BIN = process.env['AFPI_BIN'] ?? join(target, 'debug/afpi');

// If several files of tests start at the same time, they compile components in parallel. The time limits allow for
// that.
export default defineConfig({
  test: { include: ['test/*.test.ts'], env: { AFPI_BIN }, testTimeout: 60_000, hookTimeout: 120_000 },
});
