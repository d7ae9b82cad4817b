import { describe, expect, it } from 'vitest';
import { ADDON_PATH, needsAddon } from './addon-here.js';
import { inChild, overAddon } from './child-scripts.js';

needsAddon();

/** A script that starts workers over the addon; `body` is what each of them does. */
const withWorkers = (body: string, main: string): string => `
  const { Worker } = require('node:worker_threads');
  const { once } = require('node:events');
  const start = () => new Worker(${JSON.stringify(overAddon(body))}, {
    eval: true,
    workerData: { addon: process.env.ADDON },
    env: {},
  });
  (async () => { ${main} })();
`;
const MANY_CIPHERS = `
  const { parentPort } = require('node:worker_threads');
  globalThis.kept = Array.from({ length: 300 }, make);
  const frames = new Set(kept.map((cipher) => use(cipher).toString('hex')));
`;

describe('the addon in workers', () => {
  it('seals the same in several at once, each with many ciphers, and in the main thread', async () => {
    const body = `${MANY_CIPHERS} parentPort.postMessage([...frames]);`;
    const main = `
      const workers = Array.from({ length: 4 }, start);
      const answers = await Promise.all(workers.map(async (worker) => {
        const [[answer]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
        return answer;
      }));
      const expected = use(make()).toString('hex');
      console.log(answers.every((frames) => frames.length === 1 && frames[0] === expected));
    `;
    expect(await inChild(withWorkers(body, main), ADDON_PATH)).toBe('true');
  });

  it.each([
    ['end', ''],
    ['call process.exit', 'process.exit(3);'],
    ['throw', "throw new Error('on purpose');"],
  ])('outlives those that %s while ciphers are alive, again and again', async (_, end) => {
    const main = `
      for (let i = 0; i < 8; i++) {
        const worker = start();
        worker.on('error', () => {});
        await new Promise((resolve) => worker.once('exit', resolve));
      }
      console.log(use(make()).length);
    `;
    expect(await inChild(withWorkers(MANY_CIPHERS + end, main), ADDON_PATH)).toBe('116');
  });

  it('outlives those that are terminated in the midst of their work', async () => {
    const body = `${MANY_CIPHERS}
      parentPort.postMessage('working');
      const [head, rest] = [Buffer.alloc(40_000), Buffer.alloc(65_536 * 8 - 40_000)];
      const out = Buffer.alloc(65_552 * 8);
      for (let i = 0; ; i++) {
        const cipher = make();
        cipher.sealFrames(0, aad, 65_536, head, rest, out, 0);
        if (i % 3 === 0) cipher.wipe();
      }
    `;
    const main = `
      for (let i = 0; i < 8; i++) {
        const workers = [start(), start()];
        await Promise.all(workers.map((worker) => once(worker, 'message')));
        await new Promise((resolve) => setTimeout(resolve, i * 3));
        await Promise.all(workers.map((worker) => worker.terminate()));
      }
      console.log(use(make()).length);
    `;
    expect(await inChild(withWorkers(body, main), ADDON_PATH)).toBe('116');
  });
});

describe('the addon in a process', () => {
  it.each(['', 'process.exit(0);', 'process.nextTick(() => process.exit(0));'])(
    'lets it end while ciphers are alive (%j)',
    async (end) => {
      const script = `globalThis.kept = Array.from({ length: 300 }, make); kept.forEach(use);
        kept.slice(100).forEach((cipher) => cipher.wipe()); ${end}`;
      expect(await inChild(script, ADDON_PATH)).toBe('');
    },
  );

  it('is loaded twice, and one serves beside the other', async () => {
    const script = `
      delete require.cache[process.env.ADDON];
      const again = require(process.env.ADDON).FrameCipher;
      const other = new again('AES-256-GCM', Buffer.alloc(32, 1), Buffer.alloc(12, 2));
      console.log(again !== FrameCipher, use(other).equals(use(make())));
    `;
    expect(await inChild(script, ADDON_PATH)).toBe('true true');
  });
});
