import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The program of this checkout, unless another one is named. */
const target = process.env['CARGO_TARGET_DIR'] ?? fileURLToPath(new URL('../../target', import.meta.url));
const AFPI_BIN = process.env['AFPI_BIN'] ?? join(target, 'debug/afpi');

// Components are compiled one beside the other when several files of tests begin at once; that takes its time.
export default defineConfig({
  test: { include: ['test/*.test.ts'], env: { AFPI_BIN }, testTimeout: 60_000, hookTimeout: 120_000 },
});
