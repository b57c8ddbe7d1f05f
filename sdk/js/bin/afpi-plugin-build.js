#!/usr/bin/env node
// The compiler leaves no executable files; this one is.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = new URL('../lib/build/cli.js', import.meta.url);
if (existsSync(cli)) {
  await import(cli.href);
} else {
  const checkout = fileURLToPath(new URL('../../..', import.meta.url));
  process.stderr.write(`afpi-plugin-build: the SDK is not compiled; run: make -C ${checkout} sdk\n`);
  process.exitCode = 1;
}
