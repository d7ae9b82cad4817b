import { writeSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PipeWatch } from '../../../src/crypto/native/addon.js';
import { loadAddon } from '../../../src/crypto/native/addon.js';
import { turns } from '../../support/quiet-process.js';
import { systemPipe } from '../../support/system-pipe.js';
import { ADDON_PATH, needsAddon } from './addon-here.js';
import { inChild, overAddon } from './child-scripts.js';

needsAddon();

function watchOf(descriptor: number, callback: () => void): PipeWatch {
  const addon = loadAddon();
  if (typeof addon === 'string') throw new Error(addon);
  const watch = new addon.PipeWatch(descriptor, callback);
  onTestFinished(() => watch.close());
  return watch;
}

/** A watch over one end of a pipe, and how often it has called. */
async function watched(end: 'reader' | 'writer') {
  const pipe = await systemPipe();
  let calls = 0;
  const watch = watchOf(pipe[end], () => {
    calls += 1;
  });
  return { pipe, watch, calls: () => calls };
}

async function until(holds: () => boolean): Promise<void> {
  const since = performance.now();
  while (!holds()) {
    if (performance.now() - since > 60_000) throw new Error('it never came to this');
    await turns(1);
  }
}

describe('a watch of a pipe', () => {
  it('calls once for a wait, when there are bytes', async () => {
    const { pipe, watch, calls } = await watched('reader');
    watch.wait(false);
    await turns(20);
    expect(calls()).toBe(0);
    writeSync(pipe.writer, 'x');
    await until(() => calls() > 0);
    await turns(20);
    expect(calls()).toBe(1);
    watch.wait(false);
    await until(() => calls() > 1);
  });

  it.each([
    ['reader', 'writer', false],
    ['writer', 'reader', true],
  ] as const)('of the %s calls when the %s is gone', async (end, other, forRoom) => {
    const { pipe, watch, calls } = await watched(end);
    if (forRoom) for (let i = 0; i < 16; i++) writeSync(pipe.writer, Buffer.alloc(4_096));
    watch.wait(forRoom);
    await turns(20);
    expect(calls()).toBe(0);
    pipe.end(pipe[other]);
    await until(() => calls() > 0);
  });

  it('calls again where it was told to wait within the call, and not after it was closed', async () => {
    const pipe = await systemPipe();
    let calls = 0;
    const watch = watchOf(pipe.reader, () => {
      calls += 1;
      if (calls < 3) watch.wait(false);
      else watch.close();
    });
    writeSync(pipe.writer, 'x');
    watch.wait(false);
    await until(() => calls === 3);
    await turns(20);
    expect(calls).toBe(3);
    expect(() => watch.wait(false)).toThrow(expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' }));
    watch.close();
  });

  it('is refused for a descriptor that is not open, for what is no function, and on what is no watch', async () => {
    const pipe = await systemPipe();
    const addon = loadAddon();
    if (typeof addon === 'string') throw new Error(addon);
    const refused = expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' });
    expect(() => watchOf(2 ** 30, () => undefined)).toThrow(refused);
    expect(() => new addon.PipeWatch(0, 7 as never)).toThrow(refused);
    expect(() => (addon.PipeWatch as unknown as () => void)()).toThrow(refused);
    const foreign = Object.create(watchOf(pipe.reader, () => undefined));
    for (const method of ['wait', 'close'] as const) {
      expect(() => addon.PipeWatch.prototype[method].call({} as never, true)).toThrow();
      expect(() => addon.PipeWatch.prototype[method].call(foreign, true)).toThrow();
    }
  });
});

/** Makes watches over a pipe of the process's own, some of them waiting. */
const WATCHES = `
  const { PipeWatch } = require(process.env.ADDON ?? require('node:worker_threads').workerData.addon);
  const { execFileSync } = require('node:child_process');
  const fs = require('node:fs');
  const path = require('node:path').join(fs.mkdtempSync(require('node:os').tmpdir() + '/sealpipe-test-'), 'pipe');
  execFileSync('mkfifo', [path]);
  const watches = Array.from({ length: 20 }, (_, i) => {
    const watch = new PipeWatch(fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_NONBLOCK), () => {});
    if (i % 2) watch.wait(false);
    if (i % 5 === 0) watch.close();
    return watch;
  });
  fs.rmSync(require('node:path').dirname(path), { recursive: true });
`;

describe('an environment that ends while pipes are watched', () => {
  it('ends, by process.exit or when nothing waits any more', async () => {
    expect(await inChild(`${WATCHES} globalThis.kept = watches; process.exit(0);`, ADDON_PATH)).toBe('');
    expect(
      await inChild(`${WATCHES} globalThis.kept = watches; watches.forEach((w) => w.close());`, ADDON_PATH),
    ).toBe('');
    const idle = `${WATCHES} watches.forEach((w, i) => i % 2 && w.close()); globalThis.kept = watches;`;
    expect(await inChild(idle, ADDON_PATH)).toBe('');
  });

  it('ends where the collector has taken the watches', async () => {
    const script = `{ ${WATCHES} watches.forEach((w) => w.close()); } gc(); setImmediate(() => { gc(); console.log('on'); });`;
    expect(await inChild(script, ADDON_PATH, ['--expose-gc'])).toBe('on');
  });

  it.each([
    ['ends', 'watches.forEach((w) => w.close());'],
    ['calls process.exit', 'globalThis.kept = watches; process.exit(3);'],
    [
      'is terminated',
      "globalThis.kept = watches; require('node:worker_threads').parentPort.postMessage('waiting');",
    ],
  ])('of a worker that %s leaves the process as it was', async (_, end) => {
    const script = `
      const { Worker } = require('node:worker_threads');
      (async () => {
        for (let i = 0; i < 3; i++) {
          const worker = new Worker(${JSON.stringify(overAddon(WATCHES + end))}, {
            eval: true, workerData: { addon: process.env.ADDON }, env: { PATH: process.env.PATH },
          });
          worker.on('error', () => {});
          worker.on('message', () => void worker.terminate());
          await new Promise((resolve) => worker.once('exit', resolve));
        }
        console.log(use(make()).length);
      })();
    `;
    expect(await inChild(script, ADDON_PATH)).toBe('116');
  });
});
