import { defineConfig } from 'vitest/config';

// Components are compiled one beside the other when several files of tests begin at once; that takes its time.
export default defineConfig({ test: { include: ['test/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 } });
