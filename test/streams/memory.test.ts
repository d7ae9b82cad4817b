import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { prerequisite } from '../support/prerequisite.js';
import { repositoryRoot } from '../support/repository.js';
import { runProcess } from '../support/run-process.js';
import { wholeRun } from '../support/sample.js';

const MIB = 1_048_576;
const MARGIN = 16 * MIB;
/** MiB of a long stream. */
const LARGE = wholeRun ? 512 : 256;
const entry = join(repositoryRoot, 'dist', 'index.js');

/** Peak memory of a process of its own that seals and opens so much through the built package. */
async function peaks(layout: string, mib: number): Promise<{ taken: number; peak: number; alive: number }> {
  const probe = join(repositoryRoot, 'test', 'streams', 'memory-probe.mjs');
  const { status, stdout, stderr } = await runProcess(process.execPath, [
    '--expose-gc',
    probe,
    pathToFileURL(entry).href,
    layout,
    String(mib),
  ]);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

it.for(['fixed', 'record'])(
  'memory does not grow with the stream, in the %s layout',
  // A peak holds what the collector had not yet taken: growth shows in each try.
  { timeout: 120_000, retry: 2 },
  async (layout, context) => {
    prerequisite(context, existsSync(entry), 'the built package (npm run build)');
    const small = await peaks(layout, 64);
    const large = await peaks(layout, LARGE);
    expect([small.taken, large.taken]).toEqual([64 * MIB, LARGE * MIB]);
    expect(large.peak - small.peak).toBeLessThan(MARGIN);
    expect(large.alive - small.alive).toBeLessThan(MARGIN);
  },
);
