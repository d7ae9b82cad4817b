import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { decrypt, encryptFile } from '../../src/index.js';
import { patterned } from '../support/pieces.js';
import { onlyWhere } from '../support/prerequisite.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { runProcess } from '../support/run-process.js';
import { tempFolder } from '../support/temp-folder.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const SIZE = 3_000_000;
const plaintext = patterned(SIZE);
let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await tempFolder();
  await writeFile(at('plain'), plaintext);
});

describe('a listener that throws', () => {
  const thrower = () => {
    throw new Error('of the listener');
  };

  it.each(['fixed', 'record'] as const)(
    'fails a run in the layout %s and leaves nothing behind',
    async (layout) => {
      const run = encryptFile(at('plain'), at('sealed'), { keys, layout, onProgress: thrower });
      await expect(run).rejects.toThrow('of the listener');
      expect(await readdir(folder)).toEqual(['plain']);
    },
  );

  it('of the header fails a run before anything is written', async () => {
    const run = encryptFile(at('plain'), at('sealed'), { keys, onHeader: thrower });
    await expect(run).rejects.toThrow('of the listener');
    expect(await readdir(folder)).toEqual(['plain']);
  });
});

it('a run that is aborted half-way leaves nothing behind', async () => {
  const stop = new AbortController();
  await truncate(at('plain'), 64 * 1_048_576);
  const onProgress = () => stop.abort('enough');
  const run = encryptFile(at('plain'), at('sealed'), { keys, signal: stop.signal, onProgress });
  await expect(run).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  expect(await readdir(folder)).toEqual(['plain']);
});

it('progress is told at most ten times a second', async () => {
  const since = performance.now();
  let calls = 0;
  await truncate(at('plain'), 64 * 1_048_576);
  await encryptFile(at('plain'), at('sealed'), { keys, onProgress: () => calls++ });
  expect(calls).toBeGreaterThan(0);
  expect(calls).toBeLessThanOrEqual(1 + (performance.now() - since) / 100);
});

it('a FIFO is written directly, and is still one', async (context) => {
  onlyWhere(context, process.platform !== 'win32', 'FIFOs are for POSIX');
  await runProcess('mkfifo', [at('fifo')]);
  const reading = readFile(at('fifo'));
  await encryptFile(at('plain'), at('fifo'), { keys });
  expect(plaintext.equals(await decrypt(await reading, { keys }))).toBe(true);
  expect((await stat(at('fifo'))).isFIFO()).toBe(true);
});
