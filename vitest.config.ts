import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { wholeRun } from './test/support/sample.js';
import { testsByProject } from './test/support/test-projects.js';

/** Vitest evaluates this file once for every project, and reading all imports takes most of a second. */
const known: typeof globalThis & { sealpipeTests?: ReturnType<typeof testsByProject> } = globalThis;
known.sealpipeTests ??= testsByProject();
const tests = known.sealpipeTests;

// Chosen once for all workers, and printed at the end: it brings the same samples of long lists of cases again.
process.env.SEALPIPE_SEED ??= String(Math.floor(Math.random() * 2 ** 32));

/** A folder in which another version of `@aws-sdk/client-kms` is installed, to run the tests with that. */
const otherClient = process.env['SEALPIPE_KMS_CLIENT'];
const alias: Record<string, string> =
  otherClient === undefined
    ? {}
    : { '@aws-sdk/client-kms': join(otherClient, 'node_modules/@aws-sdk/client-kms/dist-cjs/index.js') };

/**
 * Node 20 parses every certificate that is named here whenever a process starts, which takes longer than the rest of a
 * start. The tests start some two thousand processes, and none of them but npm connects to a server on the Internet.
 */
const noCertificates = { NODE_EXTRA_CA_CERTS: '' };

export default defineConfig({
  resolve: { alias },
  test: {
    environment: 'node',
    pool: 'forks',
    // One more than most machines of CI have cores: tests that start processes wait for them.
    maxWorkers: Number(process.env['SEALPIPE_WORKERS'] ?? 3),
    maxConcurrency: 3,
    // Limits for what would never end: a busy machine is several times slower than a quiet one. Whole lists take minutes.
    testTimeout: wholeRun ? 900_000 : 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    allowOnly: false,
    // Without this, the AWS SDK says in every process on Node 20 when it will end its support of it.
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      SEALPIPE_SEED: process.env.SEALPIPE_SEED,
    },
    setupFiles: ['test/support/real-timers-setup.ts'],
    reporters: ['default', './test/support/run-summary.ts'],
    projects: [
      {
        extends: true,
        // In one process for many files: the source is loaded and compiled once.
        test: { name: 'unit', include: [...tests.unit], isolate: false },
      },
      {
        extends: true,
        // What starts processes.
        test: { name: 'process', include: [...tests.process], isolate: false, env: noCertificates },
      },
      {
        extends: true,
        // What starts threads, or changes the whole process it runs in.
        test: { name: 'isolated', include: [...tests.isolated], env: noCertificates },
      },
      {
        extends: true,
        // One module registry for all guards: the compiler and its program over the built types are loaded once.
        test: { name: 'guards', include: [...tests.guards], isolate: false, env: noCertificates },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: [...tests.package],
          globalSetup: ['test/package/installed-package.ts'],
        },
      },
    ],
  },
});
