import { defineConfig } from 'vitest/config';

// A test waits for quiet, never for time, so the limits below are only for a run that hangs.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/assembly.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000, interval: 20 } },
    // Two files at a time: each may hold a whole cloud, and the smallest machine has two cores.
    maxWorkers: 2,
    reporters: ['default', './test/support/browser-line.ts', './test/support/closing-line.ts'],
  },
});
