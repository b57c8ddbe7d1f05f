#!/usr/bin/env node
// The compiler leaves no executable files; this one is.

await import('../lib/build/cli.js');
