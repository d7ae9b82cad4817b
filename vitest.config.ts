import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    allowOnly: false,
    reporters: ['default', './test/support/skipped-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'main',
          include: ['test/**/*.test.ts'],
          exclude: ['test/package/**', 'test/guards/**'],
        },
      },
      {
        extends: true,
        // One module registry for all guards: the compiler and its program over the built types are loaded once.
        test: { name: 'guards', include: ['test/guards/**/*.test.ts'], testTimeout: 120_000, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: ['test/package/installed-package.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
