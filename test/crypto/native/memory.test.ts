import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { innerModule } from '../../../scripts/inner-module.mjs';
import { eventually } from '../../support/eventually.js';
import { timesInMemory } from '../../support/process-memory.js';
import { ADDON_PATH, needsAddon } from './addon-here.js';
import { inChild, overAddon } from './child-scripts.js';

const COUNT = 100_000;
const MAY_GROW = 24 * 2 ** 20;
const BEGUN = 'cipher.startOpen(8, aad); cipher.update(Buffer.alloc(50), 0, 50, Buffer.alloc(34), 0);';

needsAddon();

describe('the memory of a process with the addon', () => {
  it.each([
    ['wiped', 'cipher.wipe();'],
    ['abandoned', ''],
    ['wiped in the midst of a frame', `${BEGUN} cipher.wipe();`],
    ['abandoned in the midst of a frame', BEGUN],
    ['abandoned by a constructor that throws', 'try { new FrameCipher("AES-256-GCM", aad, aad); } catch {}'],
  ])(
    'does not grow with ciphers that are made, used and %s',
    async (_, end) => {
      const script = `
        const turns = async (count) => {
          for (let i = 0; i < count; i++) {
            const cipher = make();
            use(cipher);
            ${end}
            if (i % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
            if (i % 10_000 === 0) gc();
          }
          for (let i = 0; i < 3; i++) {
            gc();
            await new Promise((resolve) => setImmediate(resolve));
          }
          return process.memoryUsage.rss();
        };
        (async () => {
          const before = await turns(20_000);
          console.log(await turns(${COUNT}) - before);
        })();
      `;
      expect(Number(await inChild(script, ADDON_PATH, ['--expose-gc']))).toBeLessThan(MAY_GROW);
    },
    120_000,
  );
});

const BUILT_ENGINE = await innerModule('src/crypto/native/engine.ts');
/** The key that the child makes, byte by byte, in memory outside of V8's heap. */
const KEY = Buffer.from(Uint8Array.from({ length: 32 }, (_, i) => (i * i * 7 + i * 101 + 57) & 0xff));
const CHILD = `
  const pause = () => new Promise((resolve) => setImmediate(resolve));
  const keyed = () => {
    const key = new Uint8Array(new ArrayBuffer(32));
    for (let i = 0; i < 32; i++) key[i] = (i * i * 7 + i * 101 + 57) & 0xff;
    const cipher = new FrameCipher('AES-256-GCM', key, Buffer.alloc(12));
    key.fill(0);
    use(cipher);
    cipher.open(7, aad, use(cipher), Buffer.alloc(100), 0);
    cipher.open(8, aad, use(cipher), Buffer.alloc(100), 0);
    ${BEGUN}
    return cipher;
  };
`;

describe('the key of a cipher of the addon', () => {
  it.each([
    ['is wiped', 'let kept = keyed();', 'kept.wipe();'],
    ['is abandoned and collected', 'let kept = keyed();', 'kept = undefined; gc(); await pause(); gc();'],
    [
      'came from the heap of V8 through the engine, and is wiped',
      `const { nativeEngine } = await import(process.env.ENGINE);
       const key = Uint8Array.from({ length: 32 }, (_, i) => (i * i * 7 + i * 101 + 57) & 0xff);
       let kept = nativeEngine.create('AES-256-GCM', key, Buffer.alloc(12));
       use(kept);
       key.fill(0);`,
      'kept.wipe();',
    ],
    [
      'was of a worker that has ended',
      `const { Worker } = require('node:worker_threads');
       const worker = new Worker(${JSON.stringify(
         overAddon(`${CHILD} globalThis.kept = keyed();
         setInterval(() => {}, 1_000);
         require('node:worker_threads').parentPort.postMessage('keyed');`),
       )}, { eval: true, workerData: { addon: process.env.ADDON }, env: {} });
       await new Promise((resolve) => worker.once('message', resolve));`,
      'await worker.terminate();',
    ],
  ])('is nowhere in memory once it %s', async (_, begin, end) => {
    const script = `${CHILD}
      (async () => {
        ${begin}
        console.log('keyed');
        await new Promise((resolve) => process.stdin.once('data', resolve));
        ${end}
        console.log('ended');
      })();
    `;
    const child = spawn(process.execPath, ['--expose-gc', '-e', overAddon(script)], {
      env: { ...process.env, ADDON: ADDON_PATH, ENGINE: BUILT_ENGINE },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      const lines = createInterface({ input: child.stdout });
      await once(lines, 'line');
      expect(timesInMemory(child.pid, KEY)).toBeGreaterThan(0);
      child.stdin.write('\n');
      await once(lines, 'line');
      await eventually(() => expect(timesInMemory(child.pid, KEY)).toBe(0));
    } finally {
      child.kill('SIGKILL');
    }
  });
});
