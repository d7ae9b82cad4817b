import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { hanging } from '../support/hanging-provider.js';
import { patterned, piecesOf } from '../support/pieces.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { slowSink } from '../support/slow-sink.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const SIZE = 4 * 1_048_576;
const CHUNK = 65_536;
const plaintext = patterned(SIZE);
/** High-water marks of both sides, a frame that is being gathered, and the chunk that is worked on. */
const MOST = 6 * CHUNK;

function counting(bytes: Uint8Array) {
  const count = { given: 0 };
  const source = Readable.from(
    (function* () {
      for (const piece of piecesOf(bytes, CHUNK)) {
        count.given += piece.length;
        yield piece;
      }
    })(),
    { highWaterMark: 1 },
  );
  return { source, count };
}

describe.each(['encrypt', 'decrypt'] as const)('an %s stream whose reader is stalled', (direction) => {
  const make = () =>
    direction === 'encrypt' ? createEncryptStream({ keys }) : createDecryptStream({ keys });
  const input = async () => (direction === 'encrypt' ? plaintext : encrypt(plaintext, { keys }));

  it('holds its source back, and goes on when the reader does', async () => {
    const bytes = await input();
    const { source, count } = counting(bytes);
    const { sink, chunks, open } = slowSink();
    const stream = make();
    const done = pipeline(source, stream, sink);
    await turns(100);
    expect(stream.writableNeedDrain).toBe(true);
    expect(stream.readableLength + stream.writableLength).toBeLessThanOrEqual(MOST);
    expect(count.given).toBeLessThanOrEqual(2 * MOST);
    open();
    await done;
    expect(count.given).toBe(bytes.length);
    const given = Buffer.concat(chunks);
    expect((direction === 'encrypt' ? await decrypt(given, { keys }) : given).equals(plaintext)).toBe(true);
  });

  it('takes nothing more after its answer was false, without a reader at all', async () => {
    const stream = make();
    const pieces = piecesOf(await input(), CHUNK);
    let written = 0;
    while (stream.write(pieces[written++]!)) await turns();
    await turns(20);
    expect(written).toBeLessThanOrEqual(6);
    expect(stream.bytesOut).toBeLessThanOrEqual(MOST);
    stream.destroy();
  });
});

it('a stream that waits for its key holds its source back', async () => {
  const { provider, asked } = hanging(keys, 'generate');
  const { source, count } = counting(plaintext);
  const stream = createEncryptStream({ keys: provider });
  source.pipe(stream);
  await asked;
  await turns(50);
  expect(count.given).toBeLessThanOrEqual(4 * CHUNK);
  stream.destroy();
});

it.each([
  [0, 0],
  [1, 1],
  [0, 1_048_576],
  [1_048_576, 0],
])('high-water marks of %i and %i change no byte', async (readableHighWaterMark, writableHighWaterMark) => {
  const marks = { keys, readableHighWaterMark, writableHighWaterMark };
  const chunks: Buffer[] = [];
  const bytes = plaintext.subarray(0, 300_000);
  await pipeline(
    Readable.from(piecesOf(bytes, 10_000)),
    createEncryptStream(marks),
    createDecryptStream(marks),
    async (out) => {
      for await (const chunk of out) chunks.push(chunk);
    },
  );
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
});
