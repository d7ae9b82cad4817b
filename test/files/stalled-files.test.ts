import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { descriptorFile } from '../../src/files/descriptor-file.js';
import { decryptFile, encryptFile } from '../../src/index.js';
import { patterned } from '../support/pieces.js';
import { onlyWhere } from '../support/prerequisite.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { runProcess } from '../support/run-process.js';
import { tempFolder } from '../support/temp-folder.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

let folder: string;
/** Both ends of a FIFO, which nobody else has opened. A read or write that would wait fails instead (O_NONBLOCK). */
let fifo: number;
const at = (name: string) => join(folder, name);
const mine = new Error('mine');

beforeEach(async (context) => {
  onlyWhere(context, process.platform === 'linux', 'a FIFO that is opened for both directions');
  folder = await tempFolder();
  writeFileSync(at('plain'), patterned(3_000_000));
  await runProcess('mkfifo', [at('fifo')]);
  fifo = openSync(at('fifo'), constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(fifo));
});

describe('a descriptor whose other end does nothing', () => {
  it('stops waiting for bytes when it is given up, for good', async () => {
    const file = descriptorFile(fifo);
    const waiting = file.readv([Buffer.alloc(1)]);
    file.giveUp?.(mine);
    await expect(waiting).rejects.toBe(mine);
    await expect(file.readv([Buffer.alloc(1)])).rejects.toBe(mine);
  });

  it('stops waiting for room when it is given up', async () => {
    const file = descriptorFile(fifo);
    const much = Buffer.alloc(4_194_304);
    expect((await file.writev([much])).bytesWritten).toBeLessThan(much.length);
    const waiting = file.writev([much]);
    file.giveUp?.(mine);
    await expect(waiting).rejects.toBe(mine);
  });
});

describe.each(['fixed', 'record'] as const)('the signal of a run in the layout %s', (layout) => {
  const aborted = { name: 'AbortError', code: 'ABORT_ERR', cause: mine };

  it('ends it while its input has no bytes, and leaves no temporary file', async () => {
    const stop = new AbortController();
    const run = encryptFile(fifo, at('sealed'), { keys, layout, signal: stop.signal });
    void pause(50).then(() => stop.abort(mine));
    await expect(run).rejects.toMatchObject(aborted);
    // In the record layout the file has its name as soon as its preamble is durable.
    const names = (await readdir(folder)).filter((name) => layout === 'fixed' || name !== 'sealed');
    expect(names.sort()).toEqual(['fifo', 'plain']);
  });

  it('ends it while its output has no room', async () => {
    const stop = new AbortController();
    const run = encryptFile(at('plain'), fifo, { keys, layout, signal: stop.signal });
    void pause(50).then(() => stop.abort(mine));
    await expect(run).rejects.toMatchObject(aborted);
  });
});

it('the signal ends a run that waits for the beginning of a sealed file', async () => {
  const stop = new AbortController();
  const run = decryptFile(fifo, at('opened'), { keys, signal: stop.signal });
  void pause(50).then(() => stop.abort(mine));
  await expect(run).rejects.toMatchObject({ name: 'AbortError', cause: mine });
  expect((await readdir(folder)).sort()).toEqual(['fifo', 'plain']);
});
