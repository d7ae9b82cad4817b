import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { innerModule } from '../../../scripts/inner-module.mjs';
import { slowRun } from '../../support/prerequisite.js';
import { randomOf, wholeRun } from '../../support/sample.js';
import { tempFolder } from '../../support/temp-folder.js';
import type { SegmentContents } from '../support/archive-contents.js';
import { contentsOf, filesBelow, textOf } from '../support/archive-contents.js';
import { expectProof, readLines } from '../support/proved.js';

const SCRIPT = join(import.meta.dirname, 'killed-writer.mjs');
const MODULE = await innerModule(
  'src/files/heads/system-files.ts',
  'src/keys/raw.ts',
  'src/logs/writer/open-log-writer.ts',
  'src/logs/writer/options/log-options.ts',
  'src/logs/archive/lock/process-identity.ts',
);
const random = randomOf('kills of a log writer');
/** Of each test. An archive that outlives more kills than this would only take longer to be read after each. */
const KILLS = wholeRun ? 60 : 6;
const ARCHIVES = slowRun ? 5 : 1;
const TIMEOUT = ARCHIVES * 240_000;

const lineOf = (i: number) => `line ${i} ${'x'.repeat(i % 200)}`;

/** Runs a writer until it is killed, or has ended. @returns how many lines it said are written */
async function run(
  directory: string,
  first: number,
  how: { readonly point?: number; readonly signal?: NodeJS.Signals; readonly after?: number },
): Promise<{ written: number; status: number | null }> {
  const child = spawn(process.execPath, [SCRIPT, MODULE, directory, String(first), String(how.point ?? -1)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const closed = once(child, 'close');
  if (how.signal !== undefined) {
    await Promise.race([once(child.stdout, 'data'), closed]);
    await pause(how.after ?? 0);
    child.kill(how.signal);
  }
  // A point that is never reached would let it run on. What gets a signal ends by that.
  const guard = setTimeout(() => child.kill('SIGKILL'), how.signal === undefined ? 10_000 : 100_000);
  const [status] = await closed;
  clearTimeout(guard);
  return { written: Number(said.trim().split('\n').at(-1)) || first, status };
}

/** Every written line, each once and in its order; what came twice was sealed once more behind a kill. */
async function expectLines(directory: string, written: number): Promise<readonly SegmentContents[]> {
  const segments = await contentsOf(filesBelow(directory));
  const lines = textOf(segments);
  expect(lines.length).toBeGreaterThanOrEqual(written);
  expect(lines).toEqual(lines.map((_, i) => lineOf(i)));
  if (segments.length > 0) {
    const { segments: proved } = await expectProof(directory);
    // Whatever is torn is vouched for by what follows it.
    expect(proved.slice(0, -1).every(({ vouched }) => vouched)).toBe(true);
    expect(await readLines(directory)).toEqual(lines);
  }
  return segments;
}

describe('a log writer that is killed', () => {
  it(
    'has lost no written line, at whatever moment it died, and goes on',
    async () => {
      for (let archive = 0; archive < ARCHIVES; archive++) {
        const directory = await tempFolder();
        let count = 0;
        for (let i = 0; i < KILLS; i++) {
          const { written } = await run(directory, count, { signal: 'SIGKILL', after: random() * 120 });
          const segments = await expectLines(directory, written);
          count = textOf(segments).length;
        }
        const { written, status } = await run(directory, count, { signal: 'SIGTERM', after: 20 });
        expect(status).toBe(0);
        const segments = await expectLines(directory, written);
        expect(textOf(segments)).toHaveLength(written);
        expect(segments.at(-1)!.whole).toBe(true);
      }
    },
    TIMEOUT,
  );

  it(
    'has lost none within any call of the file system: start, preamble, frame, flush, name',
    async () => {
      for (let archive = 0; archive < ARCHIVES; archive++) {
        const directory = await tempFolder();
        let count = 0;
        for (let i = 0; i < KILLS; i++) {
          const { written } = await run(directory, count, { point: Math.floor(random() * 90) });
          const segments = await expectLines(directory, written);
          count = textOf(segments).length;
        }
      }
    },
    TIMEOUT,
  );

  it('seals everything and ends at SIGTERM', async () => {
    const directory = await tempFolder();
    let count = 0;
    for (let i = 0; i < (wholeRun ? 20 : 3); i++) {
      const { written, status } = await run(directory, count, { signal: 'SIGTERM', after: random() * 60 });
      expect(status).toBe(0);
      const segments = await expectLines(directory, written);
      expect(segments.every(({ whole }) => whole)).toBe(true);
      count = written;
      expect(textOf(segments)).toHaveLength(count);
    }
  });
});
