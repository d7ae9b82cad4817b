import { createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rawKey } from '../../src/keys/raw.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { readHeader } from '../../src/streams/read-header.js';
import { keyRequest } from '../conformance/key-request.js';

const key = Buffer.alloc(32, 3);
const REFUSED = expect.objectContaining({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });

describe('the name of a raw key', () => {
  it.each([
    ['of one byte', 'k'],
    ['over what node:crypto takes as info', 'k'.repeat(1_025)],
    ['as long as it may be', 'k'.repeat(2_048)],
    ['as long as it may be, in two-byte letters', 'ö'.repeat(1_024)],
    ['that begins with U+FEFF', '\ufeffkey'],
    ['of U+FEFF alone', '\ufeff'],
    ['with U+0000', 'a\0b'],
    ['outside of the basic plane', '\u{1f511}'],
    ['of the language', '__proto__'],
  ])('may be one %s, and comes back through a stream', async (_, name) => {
    const provider = rawKey({ name, key });
    const sealed = await encrypt('hello', { keys: provider });
    expect((await readHeader(sealed)).recipients.map((recipient) => recipient.key)).toEqual([name]);
    expect(String(await decrypt(sealed, { keys: rawKey({ name, key }) }))).toBe('hello');
  });

  it.each([
    ['empty', ''],
    ['a byte too long', 'k'.repeat(2_049)],
    ['a byte too long, in two-byte letters', `${'ö'.repeat(1_024)}k`],
    ['a lone surrogate', '\ud800'],
    ['a number', 7],
    ['missing', undefined],
    ['null', null],
  ])('may not be %s', (_, name) => {
    expect(() => rawKey({ name: name as string, key })).toThrow(REFUSED);
  });

  it.each([
    ['\ufeffkey', 'key'],
    ['u\u0308', '\u00fc'],
    ['Key', 'key'],
  ])('%j is not %j', async (one, other) => {
    const sealed = await encrypt('hello', { keys: rawKey({ name: one, key }) });
    await expect(decrypt(sealed, { keys: rawKey({ name: other, key }) })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_MISMATCH',
    });
  });

  it('enters the wrapping: renamed, the same key does not unwrap', async () => {
    const { recipient } = await rawKey({ name: 'one', key }).generate(keyRequest());
    const renamed = rawKey({ name: 'two', key }).unwrap({ ...recipient, key: 'two' }, keyRequest());
    await expect(renamed).rejects.toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
  });
});

describe('a raw key', () => {
  it.each([
    ['short', Buffer.alloc(31)],
    ['long', Buffer.alloc(33)],
    ['empty', Buffer.alloc(0)],
    ['text', 'k'.repeat(32)],
    ['of 32 words', new Uint32Array(32)],
    ['missing', undefined],
  ])('may not be %s', (_, wrong) => {
    expect(() => rawKey({ name: 'k', key: wrong as Uint8Array })).toThrow(REFUSED);
  });

  it.each([undefined, null, 'k'])('needs options: %j', (options) => {
    expect(() => rawKey(options as never)).toThrow(REFUSED);
  });

  it('is copied: its owner may wipe it at once', async () => {
    const mine = Buffer.from(key);
    const provider = rawKey({ name: 'k', key: mine });
    mine.fill(0);
    const sealed = await encrypt('hello', { keys: provider });
    expect(String(await decrypt(sealed, { keys: rawKey({ name: 'k', key }) }))).toBe('hello');
    expect(String(await decrypt(sealed, { keys: provider }))).toBe('hello');
  });

  it('wraps as FORMAT 2 says', async () => {
    const request = keyRequest({ context: { a: 'b' } });
    const { dataKey, recipient } = await rawKey({ name: 'schlüssel', key }).generate(request);
    const wrapped = Buffer.from(recipient.wrapped);
    expect(wrapped.length).toBe(48 + 32);
    const contextBytes = Buffer.from('00000001' + '00000001' + '61' + '00000001' + '62', 'hex');
    const name = Buffer.from('schlüssel');
    const info = Buffer.concat([
      Buffer.from('sealpipe/1 raw\0'),
      Buffer.of(0, 0, 0, name.length),
      name,
      createHash('sha256').update(contextBytes).digest(),
    ]);
    const material = Buffer.from(hkdfSync('sha512', key, wrapped.subarray(0, 32), info, 44));
    const decipher = createDecipheriv('aes-256-gcm', material.subarray(0, 32), material.subarray(32));
    decipher.setAuthTag(wrapped.subarray(-16));
    expect(Buffer.concat([decipher.update(wrapped.subarray(32, -16)), decipher.final()])).toEqual(dataKey);
  });
});
