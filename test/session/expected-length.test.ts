import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { outcomeOf } from '../support/outcome.js';
import { piecesOf } from '../support/pieces.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const F = 4_096;
const LENGTH = { name: 'SealpipeError', code: 'ERR_SEALPIPE_LENGTH' };

describe.each(['fixed', 'record'] as const)('expectedLength in the %s layout', (layout) => {
  const options = { keys, layout, frameSize: F };

  it.each([0, 1, F - 1, F, F + 1, 3 * F])('of exactly %i bytes lets the stream be whole', async (length) => {
    const stream = createEncryptStream({ ...options, expectedLength: length });
    const { bytes, ended } = await outcomeOf(stream, ...piecesOf(Buffer.alloc(length, 1), 1_000));
    expect(ended).toBe(true);
    expect((await decrypt(bytes, { keys })).length).toBe(length);
  });

  it.each([
    [1, 0],
    [F, F - 1],
    [F + 1, F],
    [2 * F, F],
  ])('of %i bytes fails at the end of %i, and the last frame is withheld', async (expectedLength, length) => {
    let confirmed = 0;
    const confirm = () => void confirmed++;
    const stream = createEncryptStream({ ...options, expectedLength, confirm });
    const { bytes, error, ended } = await outcomeOf(stream, Buffer.alloc(length));
    expect(error).toMatchObject(LENGTH);
    expect([ended, confirmed]).toEqual([false, 0]);
    expect(stream.framesOut).toBe(Math.floor(length / F));
    await expect(decrypt(bytes, { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
  });

  it.each([
    [0, 1],
    [F - 1, F],
    [F, F + 1],
  ])('of %i bytes fails at %i, before the byte too many is sealed', async (expectedLength, length) => {
    const stream = createEncryptStream({ ...options, expectedLength });
    const { error, ended } = await outcomeOf(stream, Buffer.alloc(length));
    expect(error).toMatchObject(LENGTH);
    expect([ended, stream.framesOut]).toEqual([false, 0]);
  });

  it('fails long before an endless source has been read', async () => {
    let given = 0;
    const endless = function* () {
      for (;;) {
        given += 1_000;
        yield Buffer.alloc(1_000);
      }
    };
    const stream = createEncryptStream({ ...options, expectedLength: 10_000 });
    await expect(
      pipeline(
        Readable.from(endless()),
        stream,
        new Writable({ write: (_chunk, _encoding, done) => done() }),
      ),
    ).rejects.toMatchObject(LENGTH);
    expect(stream.bytesIn).toBe(11_000);
    expect(given).toBeLessThan(200_000);
  });
});

describe('expectedLength of encrypt()', () => {
  it.each([4, 6])('of %i bytes refuses five', async (expectedLength) => {
    await expect(encrypt('five!', { keys, expectedLength })).rejects.toMatchObject(LENGTH);
  });

  it('counts the bytes of a string, not its characters', async () => {
    expect(String(await decrypt(await encrypt('zwölf', { keys, expectedLength: 6 }), { keys }))).toBe(
      'zwölf',
    );
  });
});
