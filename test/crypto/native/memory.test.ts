import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { ADDON_PATH, needsAddon } from './addon-here.js';
import { inChild, overAddon } from './child-scripts.js';

const COUNT = 100_000;
const MAY_GROW = 24 * 2 ** 20;

needsAddon();

describe('the memory of a process with the addon', () => {
  it.each([
    ['wiped', 'cipher.wipe();'],
    ['abandoned', ''],
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

const BUILT_ENGINE = new URL('../../../dist/crypto/native/engine.js', import.meta.url).href;
/** The key that the child makes, byte by byte, in memory outside of V8's heap. */
const KEY = Buffer.from(Uint8Array.from({ length: 32 }, (_, i) => (i * i * 7 + i * 101 + 57) & 0xff));
const CHILD = `
  const keyed = () => {
    const key = new Uint8Array(new ArrayBuffer(32));
    for (let i = 0; i < 32; i++) key[i] = (i * i * 7 + i * 101 + 57) & 0xff;
    const cipher = new FrameCipher('AES-256-GCM', key, Buffer.alloc(12));
    key.fill(0);
    use(cipher);
    cipher.open(7, aad, use(cipher), Buffer.alloc(100), 0);
    cipher.open(8, aad, use(cipher), Buffer.alloc(100), 0);
    return cipher;
  };
`;

describe('the key of a cipher of the addon', () => {
  it.each([
    ['is wiped', 'let kept = keyed();', 'kept.wipe();'],
    ['is abandoned and collected', 'let kept = keyed();', 'kept = undefined; gc(); setImmediate(gc);'],
    [
      'came from the heap of V8 through the engine, and is wiped',
      `let kept;
       import(process.env.ENGINE).then(({ nativeEngine }) => {
         const key = Uint8Array.from({ length: 32 }, (_, i) => (i * i * 7 + i * 101 + 57) & 0xff);
         kept = nativeEngine.create('AES-256-GCM', key, Buffer.alloc(12));
         use(kept);
         key.fill(0);
       });`,
      'kept.wipe();',
    ],
    [
      'was of a worker that has ended',
      `const { Worker } = require('node:worker_threads');
       const worker = new Worker(${JSON.stringify(
         overAddon(`${CHILD} globalThis.kept = keyed();
         setInterval(() => {}, 1_000);`),
       )}, { eval: true, workerData: { addon: process.env.ADDON }, env: {} });`,
      'worker.terminate();',
    ],
  ])('is nowhere in memory once it %s', async (_, begin, end) => {
    const script = `${CHILD} ${begin}
      const tell = () => setTimeout(() => console.log('ready'), 300);
      tell();
      process.stdin.once('data', () => { ${end} tell(); });
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
      expect(timesInMemory(child.pid, KEY)).toBe(0);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

/** How often bytes lie in the writable memory of a process. */
function timesInMemory(pid: number | undefined, bytes: Buffer): number {
  const file = openSync(`/proc/${pid}/mem`, 'r');
  try {
    let count = 0;
    for (const map of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(map) ?? [];
      if (from === undefined || to === undefined) continue;
      const start = Number.parseInt(from, 16);
      const size = Number.parseInt(to, 16) - start;
      const step = 2 ** 22;
      const piece = Buffer.alloc(step + bytes.length - 1);
      for (let at = 0; at < size; at += step) {
        const read = readSome(file, piece.subarray(0, Math.min(piece.length, size - at)), start + at);
        for (let hit = read.indexOf(bytes); hit >= 0; hit = read.indexOf(bytes, hit + 1)) count += 1;
      }
    }
    return count;
  } finally {
    closeSync(file);
  }
}

/** What can be read there: a part of a mapping may have gone by now. */
function readSome(file: number, into: Buffer, position: number): Buffer {
  try {
    return into.subarray(0, readSync(file, into, 0, into.length, position));
  } catch {
    return into.subarray(0, 0);
  }
}
