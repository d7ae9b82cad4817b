import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { patterned, piecesOf } from '../support/pieces.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';
import { isWiped, watched } from '../support/watched-provider.js';

expectQuietProcess();

const F = 65_536;
const plaintext = patterned(5 * F + 100);
const mine = new Error('mine');

/** A sink that remembers what it was given. */
function remembering() {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { sink, bytes: () => Buffer.concat(chunks) };
}

/** A source that ends its life after three frames, as `die` says. */
function dying(bytes: Uint8Array, die: (source: Readable) => void): Readable {
  const pieces = piecesOf(bytes.subarray(0, 3 * F), 10_000);
  return new Readable({
    read() {
      const piece = pieces.shift();
      if (piece === undefined) setImmediate(() => die(this));
      else setImmediate(() => this.push(piece));
    },
  });
}

const deaths = [
  ['with an error', (source: Readable) => void source.destroy(mine), { message: 'mine' }],
  ['without an error', (source: Readable) => void source.destroy(), { code: 'ERR_STREAM_PREMATURE_CLOSE' }],
] as const;

describe.each(deaths)('a source that dies %s', (_, die, expected) => {
  it('leaves a sealed stream that no reader takes for a whole one', async () => {
    const { provider, dataKeys } = watched(keys);
    const stream = createEncryptStream({ keys: provider });
    const { sink, bytes } = remembering();
    await expect(pipeline(dying(plaintext, die), stream, sink)).rejects.toMatchObject(expected);
    expect([stream.destroyed, sink.destroyed, dataKeys.map(isWiped)]).toEqual([true, true, [true]]);
    expect(bytes().length).toBeGreaterThan(F);
    const refused = await decrypt(bytes(), { keys }).catch((error) => error);
    expect(['ERR_SEALPIPE_TRUNCATED', 'ERR_SEALPIPE_AUTHENTICATION']).toContain(refused.code);
  });

  it('fails the reader of a decrypt stream, who has nothing but whole frames', async () => {
    const { sink, bytes } = remembering();
    const stream = createDecryptStream({ keys });
    const sealed = await encrypt(plaintext, { keys });
    await expect(pipeline(dying(sealed, die), stream, sink)).rejects.toMatchObject(expected);
    expect(stream.destroyed).toBe(true);
    expect(bytes().length % F).toBe(0);
    expect(bytes().equals(plaintext.subarray(0, bytes().length))).toBe(true);
  });
});

it('a source that ends early but cleanly shows with expectedLength, and cannot show without', async () => {
  const early = () => dying(plaintext, (source) => void source.push(null));
  const blind = remembering();
  await pipeline(early(), createEncryptStream({ keys }), blind.sink);
  expect((await decrypt(blind.bytes(), { keys })).length).toBe(3 * F);
  const { sink, bytes } = remembering();
  const stream = createEncryptStream({ keys, expectedLength: plaintext.length });
  await expect(pipeline(early(), stream, sink)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LENGTH' });
  await expect(decrypt(bytes(), { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
});

it('a sealed source that ends early but cleanly is truncated', async () => {
  const sealed = await encrypt(plaintext, { keys });
  for (const [cut, code] of [
    [0, 'ERR_SEALPIPE_TRUNCATED'],
    [20, 'ERR_SEALPIPE_TRUNCATED'],
    [1_131, 'ERR_SEALPIPE_TRUNCATED'],
    [sealed.length - 1, 'ERR_SEALPIPE_AUTHENTICATION'],
  ] as const) {
    const { sink, bytes } = remembering();
    const source = Readable.from(piecesOf(sealed.subarray(0, cut), 9_999));
    const refused = await pipeline(source, createDecryptStream({ keys }), sink).catch((error) => error);
    expect(refused).toMatchObject({ code });
    expect(bytes().length % F).toBe(0);
  }
});

describe.each(deaths)('a sink that dies %s', (_, die, expected) => {
  it.each(['encrypt', 'decrypt'] as const)('ends the %s stream and its source', async (direction) => {
    const { provider, dataKeys } = watched(keys);
    const sealed = await encrypt(plaintext, { keys });
    const [stream, input] =
      direction === 'encrypt'
        ? [createEncryptStream({ keys: provider }), plaintext]
        : [createDecryptStream({ keys: provider }), sealed];
    const sink: Writable = new Writable({
      highWaterMark: 1,
      write: () => setImmediate(() => die(sink as unknown as Readable)),
    });
    const source = Readable.from(piecesOf(input, 10_000));
    await expect(pipeline(source, stream, sink)).rejects.toMatchObject(expected);
    expect([source.destroyed, stream.destroyed]).toEqual([true, true]);
    expect(dataKeys.map(isWiped)).toEqual([true]);
  });
});

it('both directions in one pipeline end each other, whoever fails', async () => {
  for (const die of [(source: PassThrough) => source.destroy(mine), (source: PassThrough) => source.end()]) {
    const source = new PassThrough();
    const seal = createEncryptStream({ keys, expectedLength: 1_000_000 });
    const open = createDecryptStream({ keys });
    const { sink, bytes } = remembering();
    const done = pipeline(source, seal, open, sink);
    done.catch(() => undefined);
    source.write(plaintext);
    await turns(10);
    die(source);
    await expect(done).rejects.toThrow();
    expect([seal.destroyed, open.destroyed, sink.destroyed]).toEqual([true, true, true]);
    expect(bytes().equals(plaintext.subarray(0, bytes().length))).toBe(true);
  }
});
