import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { StreamHeader } from '../../src/format/stream-header.js';
import { encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { altered } from '../support/altered-provider.js';
import { outcome, outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { impostor, keys, strangers } from '../support/test-keys.js';

expectQuietProcess();

const plaintext = Buffer.alloc(100_000, 'plain');

describe('the header of an encrypt stream', () => {
  it('comes before the preamble is pushed, and stays on the stream', async () => {
    const stream = createEncryptStream({ keys, encryptionContext: { a: '1' } });
    expect(stream.header).toBeUndefined();
    const order: string[] = [];
    stream.once('header', (header) => {
      order.push('header');
      expect(stream.header).toBe(header);
      expect([stream.readableLength, stream.bytesOut]).toEqual([0, 0]);
    });
    stream.once('data', () => order.push('data'));
    const { bytes } = await outcomeOf(stream, plaintext);
    expect(order).toEqual(['header', 'data']);
    expect(await readHeader(bytes)).toEqual(stream.header);
  });

  it('comes without a write and without a reader', async () => {
    const stream = createEncryptStream({ keys });
    const [header] = await once(stream, 'header');
    expect(header.preambleSize).toBeGreaterThan(84);
    expect(stream.bytesIn).toBe(0);
    stream.destroy();
  });

  it('makes once() reject when the key fails, and nothing leaves', async () => {
    const broken = altered(keys, { generate: () => Promise.reject(new Error('no')) });
    const stream = createEncryptStream({ keys: broken });
    const over = outcome(stream);
    await expect(once(stream, 'header')).rejects.toMatchObject({ code: 'ERR_SEALPIPE_KEY_UNAVAILABLE' });
    expect((await over).bytes.length).toBe(0);
    expect(stream.header).toBeUndefined();
  });
});

describe('the header of a decrypt stream', () => {
  it('comes before the first plaintext', async () => {
    const stream = createDecryptStream({ keys });
    const order: string[] = [];
    stream.once('header', () => {
      order.push('header');
      expect([stream.readableLength, stream.bytesOut, stream.framesOut]).toEqual([0, 0, 0]);
    });
    stream.once('data', () => order.push('data'));
    const { bytes, error } = await outcomeOf(stream, await encrypt(plaintext, { keys }));
    expect(error).toBeUndefined();
    expect(order).toEqual(['header', 'data']);
    expect(bytes.equals(plaintext)).toBe(true);
  });

  it.each([
    ['another key of that name', impostor, 'ERR_SEALPIPE_AUTHENTICATION'],
    ['a key of another name', strangers, 'ERR_SEALPIPE_KEY_MISMATCH'],
  ])('does not come with %s, and once() rejects', async (_, wrong, code) => {
    const stream = createDecryptStream({ keys: wrong });
    const header = expect(once(stream, 'header')).rejects.toMatchObject({ code });
    const { bytes } = await outcomeOf(stream, await encrypt(plaintext, { keys }));
    await header;
    expect(bytes.length).toBe(0);
  });

  it('does not come when the commitment is missed', async () => {
    const sealed = await encrypt(plaintext, { keys });
    sealed[52]! ^= 1;
    const stream = createDecryptStream({ keys });
    let came = false;
    stream.on('header', () => {
      came = true;
    });
    const { bytes, error } = await outcomeOf(stream, sealed);
    expect([came, bytes.length, error?.code]).toEqual([false, 0, 'ERR_SEALPIPE_AUTHENTICATION']);
  });
});

describe.each([
  ['encrypt', async () => ({ stream: createEncryptStream({ keys }), input: plaintext })],
  [
    'decrypt',
    async () => ({ stream: createDecryptStream({ keys }), input: await encrypt(plaintext, { keys }) }),
  ],
])('a listener of header on the %s stream', (_, make) => {
  it.each([
    ['an error', new Error('mine')],
    ['a string', 'mine'],
    ['nothing', undefined],
    ['null', null],
  ])('that throws %s fails the stream, and nothing leaves', async (_what, thrown) => {
    const { stream, input } = await make();
    stream.once('header', () => {
      throw thrown;
    });
    const { bytes, error, ended } = await outcomeOf(stream, input);
    expect([bytes.length, ended]).toEqual([0, false]);
    if (thrown instanceof Error) expect(error).toBe(thrown);
    else {
      expect(error).toBeInstanceOf(Error);
      expect(error?.cause).toBe(thrown);
    }
  });

  it('that destroys the stream ends it there, and nothing leaves', async () => {
    const { stream, input } = await make();
    stream.once('header', () => void stream.destroy());
    const { bytes, error, ended } = await outcomeOf(stream, input);
    expect([bytes.length, error, ended]).toEqual([0, undefined, false]);
    expect(stream.bytesOut).toBe(0);
  });
});

it('a listener of header that writes into it changes nothing of what leaves', async () => {
  const chain = { archive: Buffer.alloc(16, 1), index: 1, previous: Buffer.alloc(32, 2) };
  const spoil = (header: StreamHeader) => {
    const { salt, commitment, recipients } = header;
    for (const bytes of [salt, commitment, recipients[0]!.wrapped, header.chain!.archive]) bytes.fill(0);
  };
  const seal = createEncryptStream({ keys, chain }).once('header', spoil);
  const { bytes } = await outcomeOf(seal, plaintext);
  const open = createDecryptStream({ keys }).once('header', spoil);
  expect((await outcomeOf(open, bytes)).bytes.equals(plaintext)).toBe(true);
  expect(Buffer.from((await readHeader(bytes)).chain!.archive)).toEqual(chain.archive);
});
