import { describe, expect, it } from 'vitest';
import type { EncryptOptions } from '../../src/session/encrypt-options.js';
import { encrypt } from '../../src/session/one-shot.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { describeStreamOptions, refusals } from '../streams/stream-options.js';
import { outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const archive = Buffer.alloc(16, 1);
const previous = Buffer.alloc(32);
const chain = { archive, index: 0, previous };

describeStreamOptions('createEncryptStream', createEncryptStream);

describe('createEncryptStream', () => {
  it.each([
    ...refusals('suite', TypeError, [
      'AES-512',
      'aes256gcm',
      ' AES-256-GCM',
      '\u017fm4-gcm',
      '__proto__',
      'toString',
      1,
      null,
      ['AES-256-GCM'],
      Symbol('s'),
    ]),
    ...refusals('layout', TypeError, ['Fixed', '', 0, null, ['fixed'], Symbol('s')]),
    ...refusals('frameSize', TypeError, ['65536', 65_536n, null, [65_536], Symbol('s'), {}]),
    ...refusals('frameSize', RangeError, [
      0,
      1,
      2_048,
      4_095,
      4_097,
      65_535,
      2 ** 21,
      -4_096,
      NaN,
      Infinity,
      4_096.5,
      // Their logarithm is a whole number.
      4_096 * (1 + Number.EPSILON),
      65_536 * (1 - Number.EPSILON / 2),
    ]),
    ...refusals('withholdContext', TypeError, [1, 'true', null]),
    ...refusals('expectedLength', TypeError, ['1', 1n, null, {}]),
    ...refusals('expectedLength', RangeError, [-1, 1.5, NaN, Infinity, 2 ** 53, 2 ** 50 + 1]),
    ...refusals('confirm', TypeError, [true, 'yes', null, {}, 0]),
    ...refusals('content', TypeError, ['gzip', null, 1, { type: 1 }, { encoding: null }, { type: '\ud800' }]),
    ...refusals('content', RangeError, [{ type: 'x'.repeat(70_000) }]),
    ...refusals('chain', TypeError, [
      'x',
      null,
      {},
      { ...chain, archive: Buffer.alloc(15) },
      { ...chain, archive: 'x'.repeat(16) },
      { ...chain, previous: Buffer.alloc(31) },
      { ...chain, previous: undefined },
      { ...chain, index: '0' },
      { ...chain, index: 0n },
      { ...chain, closed: 1 },
      { ...chain, closed: false },
    ]),
    ...refusals('chain', RangeError, [
      { ...chain, index: -1 },
      { ...chain, index: 0.5 },
      { ...chain, index: NaN },
      { ...chain, previous: Buffer.alloc(32, 1) },
    ]),
  ])('refuses %s: %s', async (name, _, options, kind) => {
    const refusal = expect.objectContaining({ name: kind.name, code: 'ERR_SEALPIPE_OPTIONS' });
    const given = { keys, ...options } as EncryptOptions;
    expect(() => createEncryptStream(given)).toThrow(refusal);
    expect(() => createEncryptStream(given)).toThrow(name);
    await expect(encrypt('', given)).rejects.toEqual(refusal);
  });

  it.each([
    ['null', null],
    ['a string', 'a=b'],
    ['an array', ['a']],
    ['a Map', new Map([['a', 'b']])],
    ['an empty key', { '': 'a' }],
    ['a value that is a number', { a: 1 }],
    ['a lone surrogate', { a: '\ud800' }],
    ['a symbol for a key', { [Symbol('a')]: 'b' }],
    ['more than 8,192 bytes', { a: 'x'.repeat(8_192) }],
  ])('refuses a context that is or has %s', async (_, encryptionContext) => {
    const given = { keys, encryptionContext } as unknown as EncryptOptions;
    const refusal = expect.objectContaining({ name: 'TypeError', code: 'ERR_SEALPIPE_CONTEXT' });
    expect(() => createEncryptStream(given)).toThrow(refusal);
    await expect(encrypt('', given)).rejects.toEqual(refusal);
  });

  it.each([
    ['frameSize', 4_096],
    ['frameSize', 1_048_576],
    ['expectedLength', 0],
    ['content', {}],
    ['content', { encoding: 'gzip', type: 'application/x-ndjson' }],
    ['chain', chain],
    ['chain', { ...chain, index: 2 ** 53 - 1, previous: Buffer.alloc(32, 1) }],
    ['chain', { ...chain, closed: true }],
    ['suite', 'SM4-GCM'],
    ['engine', 'noble'],
  ])('takes %s at its edge: %j', async (name, value) => {
    const stream = createEncryptStream({ keys, [name]: value });
    expect((await outcomeOf(stream)).error).toBeUndefined();
    expect(stream.header).toBeDefined();
  });

  it.each(['aes-256-gcm', 'Sm4-Gcm', 'chacha20-POLY1305'])(
    'takes the suite %s, and the header has its own name',
    async (name) => {
      const options = { keys, suite: name as 'AES-256-GCM' };
      const stream = createEncryptStream(options);
      expect((await outcomeOf(stream)).error).toBeUndefined();
      expect(stream.header?.suite).toBe(name.toUpperCase());
      await expect(readHeader(await encrypt('x', options))).resolves.toMatchObject({
        suite: name.toUpperCase(),
      });
    },
  );

  it('takes no plaintext for the segment that closes an archive', async () => {
    const closing = { keys, chain: { ...chain, closed: true as const } };
    const { error } = await outcomeOf(createEncryptStream(closing), Buffer.of(1));
    expect(error?.code).toBe('ERR_SEALPIPE_LENGTH');
    expect(() => createEncryptStream({ ...closing, expectedLength: 1 })).toThrow(/closes an archive/);
  });

  it('takes its options at the call: what the caller changes later has no effect', async () => {
    const link = { archive: Buffer.alloc(16, 1), index: 1, previous: Buffer.alloc(32, 2) };
    const list = [keys];
    const content = { type: 'text/plain' };
    const stream = createEncryptStream({ keys: list, chain: link, content });
    link.archive.fill(9);
    link.previous.fill(9);
    list.length = 0;
    content.type = 'text/html';
    await outcomeOf(stream);
    expect(Buffer.from(stream.header!.chain!.archive)).toEqual(Buffer.alloc(16, 1));
    expect(Buffer.from(stream.header!.chain!.previous)).toEqual(Buffer.alloc(32, 2));
    expect(stream.header!.content).toEqual({ type: 'text/plain' });
  });
});
