import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { readHeader } from '../../src/streams/read-header.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const encryptionContext = { a: '1' };
const sealed = await encrypt('hello', {
  keys,
  encryptionContext,
  suite: 'CHACHA20-POLY1305',
  frameSize: 8_192,
  content: { type: 'text/plain' },
});

describe('readHeader', () => {
  it('says all that the preamble says, without a key', async () => {
    const header = await readHeader(sealed);
    expect(header).toMatchObject({
      version: 1,
      suite: 'CHACHA20-POLY1305',
      frameSize: 8_192,
      layout: 'fixed',
      content: { type: 'text/plain' },
      recipients: [{ provider: 'raw', key: 'test' }],
    });
    expect({ ...header.encryptionContext }).toEqual(encryptionContext);
    expect(Math.abs(Date.now() - header.created)).toBeLessThan(60_000);
    expect([header.salt.length, header.commitment.length]).toEqual([32, 32]);
    expect(sealed.length - header.preambleSize).toBe(5 + 16);
  });

  it('needs the preamble and no more', async () => {
    const { preambleSize } = await readHeader(sealed);
    expect(await readHeader(sealed.subarray(0, preambleSize))).toEqual(await readHeader(sealed));
    await expect(readHeader(sealed.subarray(0, preambleSize - 1))).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_TRUNCATED',
    });
  });

  it('does not write into the bytes, nor keep them', async () => {
    const copy = Buffer.from(sealed);
    const header = await readHeader(copy);
    expect(copy.equals(sealed)).toBe(true);
    copy.fill(0);
    expect(header).toEqual(await readHeader(sealed));
  });

  it('believes what it reads: a changed commitment shows only when the stream is opened', async () => {
    const changed = Buffer.from(sealed);
    changed[60]! ^= 1;
    expect((await readHeader(changed)).suite).toBe('CHACHA20-POLY1305');
    await expect(decrypt(changed, { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
  });

  it.each([
    ['of nothing', Buffer.alloc(0), 'ERR_SEALPIPE_TRUNCATED'],
    ['of half a prologue', sealed.subarray(0, 40), 'ERR_SEALPIPE_TRUNCATED'],
    ['of another file', Buffer.from('PK\u0003\u0004 and so on'), 'ERR_SEALPIPE_FORMAT'],
    [
      'of a version to come',
      Buffer.concat([sealed.subarray(0, 8), Buffer.of(2)]),
      'ERR_SEALPIPE_UNSUPPORTED',
    ],
  ])('%s rejects', async (_, bytes, code) => {
    await expect(readHeader(bytes)).rejects.toMatchObject({ name: 'SealpipeError', code });
    await expect(readHeader(bytewise(bytes))).rejects.toMatchObject({ code });
  });

  it.each([undefined, null, 'text', 7, {}, [sealed], new ArrayBuffer(9)])(
    'of %j is a TypeError',
    async (source) => {
      await expect(readHeader(source as unknown as Uint8Array)).rejects.toMatchObject({
        name: 'TypeError',
        code: 'ERR_SEALPIPE_OPTIONS',
      });
    },
  );
});

describe('readHeader of an AsyncIterable', () => {
  it('takes what it needs, and closes it', async () => {
    let taken = 0;
    let closed = false;
    const counting = async function* () {
      try {
        for await (const byte of bytewise(sealed)) {
          taken++;
          yield byte;
        }
      } finally {
        closed = true;
      }
    };
    const header = await readHeader(counting());
    expect(header).toEqual(await readHeader(sealed));
    expect([taken, closed]).toEqual([header.preambleSize, true]);
  });

  it('takes a web stream', async () => {
    expect(await readHeader(new Blob([sealed]).stream())).toEqual(await readHeader(sealed));
  });

  it('passes on its error', async () => {
    const mine = new Error('mine');
    const dying = async function* () {
      yield sealed.subarray(0, 100);
      throw mine;
    };
    await expect(readHeader(dying())).rejects.toBe(mine);
  });

  it.each(['text', 7, null, undefined])('of %j is a TypeError', async (chunk) => {
    const odd = async function* () {
      yield chunk as unknown as Uint8Array;
    };
    await expect(readHeader(odd())).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
  });
});

async function* bytewise(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (const byte of bytes) yield Uint8Array.of(byte);
}
