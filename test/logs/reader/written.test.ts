import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verifyArchive } from '../../../src/logs/proof/verify-archive.js';
import { openLogReader } from '../../../src/logs/reader/log-reader.js';
import { openLogWriter } from '../../../src/logs/writer/open-log-writer.js';
import { makeTempFolder, tempFolder } from '../../support/temp-folder.js';
import { keys, readLog } from '../support/reading.js';

const line = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  { weight: 4, arbitrary: fc.constantFrom('', '\n', 'a\nb', '\r\n', 'x').map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.nat({ max: 300_000 }).map((length) => Buffer.alloc(length, 'long')) },
);
/** Lines of one run of a writer after the other. */
const runs = fc.array(fc.array(line, { maxLength: 20 }), { minLength: 1, maxLength: 3 });
const compress = fc.constantFrom(false, { coding: 'gzip', level: 1 } as const);

describe('what a writer has written', () => {
  it('is read as it was given, whatever its bytes, over rotations and restarts, and verifies', async () => {
    await fc.assert(
      fc.asyncProperty(runs, compress, async (all, coding) => {
        const directory = await makeTempFolder();
        for (const lines of all) {
          const rotate = { bytes: 65_536 };
          const writer = await openLogWriter({
            keys,
            directory,
            rotate,
            flush: { interval: 20 },
            compress: coding === false ? false : 'gzip',
          });
          for (const one of lines) {
            const position = writer.append(Buffer.from(one));
            if (one.length % 3 === 0) await writer.whenWritten(position);
          }
          await writer.end();
        }
        const given = all.flat().map((one) => Buffer.from(one).toString('hex'));
        const reader = await openLogReader({ directory, keys });
        const read: string[] = [];
        for await (const { lines } of reader.batches()) read.push(...lines.map((one) => one.toString('hex')));
        expect(read).toEqual(given);
        const { archives, verified } = await verifyArchive({ directory, keys });
        expect([verified, archives[0]!.lines, archives[0]!.problems]).toEqual([true, given.length, []]);
        const last = await readLog(directory, { last: 3 });
        expect(last.lines.length).toBe(Math.min(3, given.length));
      }),
      { numRuns: 4 },
    );
  });

  it('is read while it is written, and its checkpoint is met later', async () => {
    const directory = await tempFolder();
    const writer = await openLogWriter({ keys, directory, flush: { interval: 20 } });
    onTestFinished(() => writer.end().then(() => undefined));
    const reader = await openLogReader({ directory, keys, follow: true });
    const read: string[] = [];
    const over = (async () => {
      for await (const one of reader) read.push(one.line.toString());
    })();
    for (let i = 0; i < 5; i++) {
      writer.append(`line ${i}`);
      await expect.poll(() => read.length, { interval: 5 }).toBe(i + 1);
    }
    const checkpoint = await writer.checkpoint();
    writer.append('more');
    await writer.end();
    await expect.poll(() => read.length, { interval: 5 }).toBe(6);
    await reader.close();
    await over;
    const { archives, verified } = await verifyArchive({ directory, keys, checkpoint });
    expect([verified, archives[0]!.checkpoint]).toMatchObject([true, { met: true }]);
  });

  it('holds the longest line', async () => {
    const directory = await tempFolder();
    const writer = await openLogWriter({ keys, directory });
    const longest = Buffer.alloc(16_777_216, 'x');
    await writer.whenWritten(writer.append(longest.subarray(0, longest.length - 4_096)));
    await writer.end();
    const { lines, code } = await readLog(directory);
    expect([code, lines.map(({ length }) => length)]).toEqual([undefined, [longest.length - 4_096]]);
  });
});
