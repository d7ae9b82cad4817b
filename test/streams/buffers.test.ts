import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { outcome } from '../support/outcome.js';
import { patterned, piecesOf } from '../support/pieces.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { slowSink } from '../support/slow-sink.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const plaintext = patterned(1_000_003);
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.each([
  ['fixed', 4_096],
  ['fixed', 65_536],
  ['record', 4_096],
  ['record', 65_536],
] as const)('in the %s layout, with frames of %i bytes,', (layout, frameSize) => {
  const options = { keys, layout, frameSize };
  const both = async () => [
    { make: () => createEncryptStream(options), input: plaintext },
    { make: () => createDecryptStream({ keys }), input: await encrypt(plaintext, options) },
  ];

  it.each([1_000, 100_000, 1_000_003])(
    'what was pushed is never written again (pieces of %i)',
    async (size) => {
      for (const { make, input } of await both()) {
        const stream = make();
        const chunks: Buffer[] = [];
        const digests: string[] = [];
        stream.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          digests.push(digest(chunk));
        });
        const closed = new Promise((resolve) => stream.once('close', resolve));
        for (const piece of piecesOf(input, size)) stream.write(piece);
        stream.end();
        await closed;
        expect(chunks.map(digest)).toEqual(digests);
        const ranges = chunks.map(({ buffer, byteOffset, length }) => ({
          buffer,
          from: byteOffset,
          to: byteOffset + length,
        }));
        const overlap = ranges.some((a, i) =>
          ranges.some((b, j) => i < j && a.buffer === b.buffer && a.from < b.to && b.from < a.to),
        );
        expect(overlap).toBe(false);
      }
    },
  );

  it("the caller's memory is only read, and not needed any more after the callback of the write", async () => {
    for (const { make, input } of await both()) {
      const stream = make();
      const over = outcome(stream);
      for (const piece of piecesOf(input, 30_001)) {
        const chunk = Buffer.from(piece);
        await new Promise<void>((resolve) => {
          stream.write(chunk, () => {
            expect(chunk.equals(piece)).toBe(true);
            chunk.fill(0xee);
            resolve();
          });
        });
      }
      stream.end();
      const { bytes } = await over;
      const opened = input === plaintext ? await decrypt(bytes, { keys }) : bytes;
      expect(opened.equals(plaintext)).toBe(true);
    }
  });

  it('a sink that holds its chunks and reads them late gets the right bytes', async () => {
    const { sink, chunks, open } = slowSink();
    const done = pipeline(piecesOf(plaintext, 70_000), createEncryptStream(options), sink);
    setTimeout(open, 20);
    await done;
    expect((await decrypt(Buffer.concat(chunks), { keys })).equals(plaintext)).toBe(true);
  });

  it('nothing that leaves lies in memory that others share', async () => {
    for (const { make, input } of await both()) {
      const stream = make();
      const seen: Buffer[] = [];
      stream.on('data', (chunk) => seen.push(chunk));
      const closed = new Promise((resolve) => stream.once('close', resolve));
      stream.end(input);
      await closed;
      const pool = Buffer.allocUnsafe(1).buffer;
      expect(seen.some(({ buffer }) => buffer === pool || buffer === input.buffer)).toBe(false);
    }
  });
});
